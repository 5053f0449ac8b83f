-- Secret addresses to which mail may be forwarded, and addresses that were refused. Who wants to be told by their browser of
-- what falls due, and of what they were told.

CREATE TABLE intake_address (
    firm_id INTEGER NOT NULL,
    intake_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    staff_id INTEGER,
    mailbox_id INTEGER NOT NULL,
    secret_hash BLOB NOT NULL,
    made_by_id INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    revoked_at INTEGER,
    heard_at INTEGER,
    letters INTEGER NOT NULL,
    PRIMARY KEY (firm_id, intake_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX intake_address_secret ON intake_address (firm_id, secret_hash);

CREATE TABLE intake_refused (
    firm_id INTEGER NOT NULL,
    address TEXT NOT NULL,
    times INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, address)
) STRICT, WITHOUT ROWID;

ALTER TABLE digest_wish ADD COLUMN browser INTEGER NOT NULL DEFAULT 0;

CREATE TABLE told_due (
    firm_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    obligation_id INTEGER NOT NULL,
    day TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, staff_id, obligation_id, day)
) STRICT, WITHOUT ROWID;
