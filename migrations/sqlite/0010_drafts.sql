-- Letters that people of the firm are writing, with their files, the texts they begin from, and who sends how; and of
-- each message on its way out what it was made from.

CREATE TABLE draft (
    firm_id INTEGER NOT NULL,
    draft_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    owed_id INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    answers_key INTEGER,
    mailbox_id INTEGER,
    recipients TEXT NOT NULL,
    copies TEXT NOT NULL,
    subject TEXT NOT NULL,
    words TEXT NOT NULL,
    quotes INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    changed_at INTEGER,
    open_until INTEGER NOT NULL,
    outgoing_id INTEGER,
    PRIMARY KEY (firm_id, draft_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX draft_of ON draft (firm_id, staff_id, client_id, owed_id, purpose);

CREATE INDEX draft_owed ON draft (firm_id, owed_id);

CREATE TABLE draft_file (
    firm_id INTEGER NOT NULL,
    draft_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    hash BLOB NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (firm_id, draft_id, file_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX draft_file_hash ON draft_file (firm_id, hash);

CREATE TABLE file_bytes (
    firm_id INTEGER NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (firm_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE canned_text (
    firm_id INTEGER NOT NULL,
    text_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    words TEXT NOT NULL,
    changed_by_id INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, text_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE writing (
    firm_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    signature TEXT NOT NULL,
    way TEXT NOT NULL,
    PRIMARY KEY (firm_id, staff_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE outgoing ADD COLUMN draft_id INTEGER;

ALTER TABLE outgoing ADD COLUMN owed_id INTEGER;

ALTER TABLE outgoing ADD COLUMN client_id INTEGER;

ALTER TABLE outgoing ADD COLUMN way TEXT NOT NULL DEFAULT 'smtp';
