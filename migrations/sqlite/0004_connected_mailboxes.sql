-- Mailboxes on servers: how to reach them, how far each folder was read, what a server held back as unwanted, and what
-- is to be sent.

CREATE TABLE connection (
    firm_id INTEGER NOT NULL,
    mailbox_id INTEGER NOT NULL,
    address TEXT NOT NULL,
    imap_host TEXT NOT NULL,
    imap_port INTEGER NOT NULL,
    imap_security TEXT NOT NULL,
    smtp_host TEXT NOT NULL,
    smtp_port INTEGER NOT NULL,
    smtp_security TEXT NOT NULL,
    user_name TEXT NOT NULL,
    secret_kind TEXT NOT NULL,
    secret BLOB NOT NULL,
    authority TEXT,
    reach TEXT NOT NULL,
    folders TEXT,
    signature TEXT,
    keeps_copy INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    tried_at INTEGER,
    fetched_at INTEGER,
    trouble TEXT,
    trouble_kind TEXT,
    trouble_at INTEGER,
    lease_holder INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (firm_id, mailbox_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX connection_address ON connection (firm_id, address);

CREATE TABLE folder_state (
    firm_id INTEGER NOT NULL,
    folder_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uidnext INTEGER NOT NULL,
    modseq INTEGER NOT NULL,
    known TEXT NOT NULL,
    reached_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, folder_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE junk_letter (
    firm_id INTEGER NOT NULL,
    folder_id INTEGER NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, folder_id, uidvalidity, uid)
) STRICT, WITHOUT ROWID;

CREATE INDEX junk_letter_client ON junk_letter (firm_id, client_id);

CREATE TABLE outgoing (
    firm_id INTEGER NOT NULL,
    outgoing_id INTEGER NOT NULL,
    mailbox_id INTEGER NOT NULL,
    by_id INTEGER,
    state TEXT NOT NULL,
    message_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    bytes BLOB NOT NULL,
    answers_key INTEGER,
    only_if_quiet INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    trouble TEXT,
    sent_at INTEGER,
    recorded INTEGER NOT NULL,
    copied INTEGER NOT NULL,
    lease_holder INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (firm_id, outgoing_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX outgoing_due ON outgoing (firm_id, state, next_at);
