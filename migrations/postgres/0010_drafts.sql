-- Letters that people of the firm are writing, with their files, the texts they begin from, and who sends how; and of
-- each message on its way out what it was made from.

CREATE TABLE draft (
    firm_id BIGINT NOT NULL,
    draft_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    owed_id BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    answers_key BIGINT,
    mailbox_id BIGINT,
    recipients TEXT NOT NULL,
    copies TEXT NOT NULL,
    subject TEXT NOT NULL,
    words TEXT NOT NULL,
    quotes BOOLEAN NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ,
    open_until BIGINT NOT NULL,
    outgoing_id BIGINT,
    PRIMARY KEY (firm_id, draft_id)
);

CREATE UNIQUE INDEX draft_of ON draft (firm_id, staff_id, client_id, owed_id, purpose);

CREATE INDEX draft_owed ON draft (firm_id, owed_id);

CREATE TABLE draft_file (
    firm_id BIGINT NOT NULL,
    draft_id BIGINT NOT NULL,
    file_id BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (firm_id, draft_id, file_id)
);

CREATE INDEX draft_file_hash ON draft_file (firm_id, hash);

CREATE TABLE file_bytes (
    firm_id BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    size BIGINT NOT NULL,
    packed BYTEA NOT NULL,
    PRIMARY KEY (firm_id, hash)
);

CREATE TABLE canned_text (
    firm_id BIGINT NOT NULL,
    text_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    words TEXT NOT NULL,
    changed_by_id BIGINT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, text_id)
);

CREATE TABLE writing (
    firm_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    signature TEXT NOT NULL,
    way TEXT NOT NULL,
    PRIMARY KEY (firm_id, staff_id)
);

ALTER TABLE outgoing ADD COLUMN draft_id BIGINT;

ALTER TABLE outgoing ADD COLUMN owed_id BIGINT;

ALTER TABLE outgoing ADD COLUMN client_id BIGINT;

ALTER TABLE outgoing ADD COLUMN way TEXT NOT NULL DEFAULT 'smtp';
