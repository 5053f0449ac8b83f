-- One-time links to an account, what was set before, and which folders the firm sees.

CREATE TABLE invitation (
    firm_id BIGINT NOT NULL,
    invitation_hash BYTEA NOT NULL,
    staff_id BIGINT NOT NULL,
    email TEXT NOT NULL,
    made_by_id BIGINT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, invitation_hash)
);

CREATE TABLE setting_change (
    firm_id BIGINT NOT NULL,
    change_id BIGINT NOT NULL,
    what TEXT NOT NULL,
    earlier TEXT NOT NULL,
    changed_by_id BIGINT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, change_id)
);

ALTER TABLE folder ADD COLUMN shown BOOLEAN NOT NULL DEFAULT FALSE;
