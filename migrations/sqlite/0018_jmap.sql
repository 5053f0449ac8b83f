-- Mailboxes on servers that speak JMAP: where that is, how far each was read, and which messages were dealt with. A server
-- gives its messages names; here each has a number as well.

ALTER TABLE connection ADD COLUMN jmap TEXT;

CREATE TABLE mail_account (
    firm_id INTEGER NOT NULL,
    mailbox_id INTEGER NOT NULL,
    place TEXT NOT NULL,
    state TEXT,
    folders TEXT NOT NULL,
    last_number INTEGER NOT NULL,
    reached_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, mailbox_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mail_seen (
    firm_id INTEGER NOT NULL,
    mailbox_id INTEGER NOT NULL,
    email_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    unwanted INTEGER NOT NULL,
    PRIMARY KEY (firm_id, mailbox_id, email_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_seen_unwanted ON mail_seen (firm_id, mailbox_id, number) WHERE unwanted;
