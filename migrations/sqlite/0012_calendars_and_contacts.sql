-- Contacts that a file or an address book proposes; calendars and address books elsewhere that people subscribed to, how
-- far each is known, and what it told.

CREATE TABLE proposed_contact (
    firm_id INTEGER NOT NULL,
    card_id INTEGER NOT NULL,
    origin_key INTEGER NOT NULL,
    subscription_id INTEGER,
    staff_id INTEGER,
    client_id INTEGER NOT NULL,
    contact_id INTEGER,
    name TEXT NOT NULL,
    role TEXT,
    organisation TEXT,
    emails TEXT NOT NULL,
    phones TEXT NOT NULL,
    why TEXT NOT NULL,
    state TEXT NOT NULL,
    given TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    decided_by_id INTEGER,
    decided_at INTEGER,
    PRIMARY KEY (firm_id, card_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX proposed_contact_origin ON proposed_contact (firm_id, origin_key);

CREATE TABLE subscription (
    firm_id INTEGER NOT NULL,
    subscription_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    user_name TEXT NOT NULL,
    secret BLOB NOT NULL,
    authority TEXT,
    reach TEXT NOT NULL,
    closes INTEGER NOT NULL,
    writes_to TEXT,
    paused INTEGER NOT NULL,
    etag TEXT,
    modified TEXT,
    made_at INTEGER NOT NULL,
    tried_at INTEGER,
    fetched_at INTEGER,
    whole_at INTEGER,
    trouble TEXT,
    trouble_kind TEXT,
    trouble_at INTEGER,
    lease_holder INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (firm_id, subscription_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscribed_folder (
    firm_id INTEGER NOT NULL,
    subscription_id INTEGER NOT NULL,
    href TEXT NOT NULL,
    name TEXT NOT NULL,
    chosen INTEGER NOT NULL,
    token TEXT,
    PRIMARY KEY (firm_id, subscription_id, href)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscribed_item (
    firm_id INTEGER NOT NULL,
    subscription_id INTEGER NOT NULL,
    href TEXT NOT NULL,
    folder TEXT NOT NULL,
    etag TEXT NOT NULL,
    wrote INTEGER,
    PRIMARY KEY (firm_id, subscription_id, href)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscribed_fact (
    firm_id INTEGER NOT NULL,
    subscription_id INTEGER NOT NULL,
    fact_key INTEGER NOT NULL,
    href TEXT NOT NULL,
    kind TEXT NOT NULL,
    client_id INTEGER,
    from_day TEXT,
    to_day TEXT,
    ends_at INTEGER,
    words TEXT NOT NULL,
    told INTEGER NOT NULL,
    PRIMARY KEY (firm_id, subscription_id, fact_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX subscribed_fact_ends ON subscribed_fact (firm_id, subscription_id, told, ends_at);
