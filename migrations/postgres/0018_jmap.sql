-- Mailboxes on servers that speak JMAP: where that is, how far each was read, and which messages were dealt with. A server
-- gives its messages names; here each has a number as well.

ALTER TABLE connection ADD COLUMN jmap TEXT;

CREATE TABLE mail_account (
    firm_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    place TEXT NOT NULL,
    state TEXT,
    folders TEXT NOT NULL,
    last_number BIGINT NOT NULL,
    reached_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, mailbox_id)
);

CREATE TABLE mail_seen (
    firm_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    email_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    unwanted BOOLEAN NOT NULL,
    PRIMARY KEY (firm_id, mailbox_id, email_id)
);

CREATE INDEX mail_seen_unwanted ON mail_seen (firm_id, mailbox_id, number) WHERE unwanted;
