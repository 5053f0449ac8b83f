-- Contacts that a file or an address book proposes; calendars and address books elsewhere that people subscribed to, how
-- far each is known, and what it told.

CREATE TABLE proposed_contact (
    firm_id BIGINT NOT NULL,
    card_id BIGINT NOT NULL,
    origin_key BIGINT NOT NULL,
    subscription_id BIGINT,
    staff_id BIGINT,
    client_id BIGINT NOT NULL,
    contact_id BIGINT,
    name TEXT NOT NULL,
    role TEXT,
    organisation TEXT,
    emails TEXT NOT NULL,
    phones TEXT NOT NULL,
    why TEXT NOT NULL,
    state TEXT NOT NULL,
    given TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    decided_by_id BIGINT,
    decided_at TIMESTAMPTZ,
    PRIMARY KEY (firm_id, card_id)
);

CREATE UNIQUE INDEX proposed_contact_origin ON proposed_contact (firm_id, origin_key);

CREATE TABLE subscription (
    firm_id BIGINT NOT NULL,
    subscription_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    user_name TEXT NOT NULL,
    secret BYTEA NOT NULL,
    authority TEXT,
    reach TEXT NOT NULL,
    closes BOOLEAN NOT NULL,
    writes_to TEXT,
    paused BOOLEAN NOT NULL,
    etag TEXT,
    modified TEXT,
    made_at TIMESTAMPTZ NOT NULL,
    tried_at TIMESTAMPTZ,
    fetched_at TIMESTAMPTZ,
    whole_at TIMESTAMPTZ,
    trouble TEXT,
    trouble_kind TEXT,
    trouble_at TIMESTAMPTZ,
    lease_holder BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (firm_id, subscription_id)
);

CREATE TABLE subscribed_folder (
    firm_id BIGINT NOT NULL,
    subscription_id BIGINT NOT NULL,
    href TEXT NOT NULL,
    name TEXT NOT NULL,
    chosen BOOLEAN NOT NULL,
    token TEXT,
    PRIMARY KEY (firm_id, subscription_id, href)
);

CREATE TABLE subscribed_item (
    firm_id BIGINT NOT NULL,
    subscription_id BIGINT NOT NULL,
    href TEXT NOT NULL,
    folder TEXT NOT NULL,
    etag TEXT NOT NULL,
    wrote BIGINT,
    PRIMARY KEY (firm_id, subscription_id, href)
);

CREATE TABLE subscribed_fact (
    firm_id BIGINT NOT NULL,
    subscription_id BIGINT NOT NULL,
    fact_key BIGINT NOT NULL,
    href TEXT NOT NULL,
    kind TEXT NOT NULL,
    client_id BIGINT,
    from_day TEXT,
    to_day TEXT,
    ends_at TIMESTAMPTZ,
    words TEXT NOT NULL,
    told BOOLEAN NOT NULL,
    PRIMARY KEY (firm_id, subscription_id, fact_key)
);

CREATE INDEX subscribed_fact_ends ON subscribed_fact (firm_id, subscription_id, told, ends_at);
