-- Mailboxes on servers: how to reach them, how far each folder was read, what a server held back as unwanted, and what
-- is to be sent.

CREATE TABLE connection (
    firm_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    address TEXT NOT NULL,
    imap_host TEXT NOT NULL,
    imap_port BIGINT NOT NULL,
    imap_security TEXT NOT NULL,
    smtp_host TEXT NOT NULL,
    smtp_port BIGINT NOT NULL,
    smtp_security TEXT NOT NULL,
    user_name TEXT NOT NULL,
    secret_kind TEXT NOT NULL,
    secret BYTEA NOT NULL,
    authority TEXT,
    reach TEXT NOT NULL,
    folders TEXT,
    signature TEXT,
    keeps_copy BOOLEAN NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    tried_at TIMESTAMPTZ,
    fetched_at TIMESTAMPTZ,
    trouble TEXT,
    trouble_kind TEXT,
    trouble_at TIMESTAMPTZ,
    lease_holder BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (firm_id, mailbox_id)
);

CREATE UNIQUE INDEX connection_address ON connection (firm_id, address);

CREATE TABLE folder_state (
    firm_id BIGINT NOT NULL,
    folder_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    uidvalidity BIGINT NOT NULL,
    uidnext BIGINT NOT NULL,
    modseq BIGINT NOT NULL,
    known TEXT NOT NULL,
    reached_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, folder_id)
);

CREATE TABLE junk_letter (
    firm_id BIGINT NOT NULL,
    folder_id BIGINT NOT NULL,
    uidvalidity BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, folder_id, uidvalidity, uid)
);

CREATE INDEX junk_letter_client ON junk_letter (firm_id, client_id);

CREATE TABLE outgoing (
    firm_id BIGINT NOT NULL,
    outgoing_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    by_id BIGINT,
    state TEXT NOT NULL,
    message_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    answers_key BIGINT,
    only_if_quiet BOOLEAN NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    next_at TIMESTAMPTZ NOT NULL,
    tries BIGINT NOT NULL,
    trouble TEXT,
    sent_at TIMESTAMPTZ,
    recorded BOOLEAN NOT NULL,
    copied BOOLEAN NOT NULL,
    lease_holder BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (firm_id, outgoing_id)
);

CREATE INDEX outgoing_due ON outgoing (firm_id, state, next_at);
