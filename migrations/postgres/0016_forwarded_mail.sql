-- Secret addresses to which mail may be forwarded, and addresses that were refused. Who wants to be told by their browser of
-- what falls due, and of what they were told.

CREATE TABLE intake_address (
    firm_id BIGINT NOT NULL,
    intake_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    staff_id BIGINT,
    mailbox_id BIGINT NOT NULL,
    secret_hash BYTEA NOT NULL,
    made_by_id BIGINT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    heard_at TIMESTAMPTZ,
    letters BIGINT NOT NULL,
    PRIMARY KEY (firm_id, intake_id)
);

CREATE UNIQUE INDEX intake_address_secret ON intake_address (firm_id, secret_hash);

CREATE TABLE intake_refused (
    firm_id BIGINT NOT NULL,
    address TEXT NOT NULL,
    times BIGINT NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, address)
);

ALTER TABLE digest_wish ADD COLUMN browser BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE told_due (
    firm_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    obligation_id BIGINT NOT NULL,
    day TEXT NOT NULL,
    told_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, staff_id, obligation_id, day)
);
