-- The first schema: firm, people, the record, and what is owed.
-- Entries have one number as their key, since the index of words knows rows by it; ids differ between firms anyway.
-- Rules (held by tests/sql_rules.rs): firm_id leads every key; no triggers, no serials; one statement after another.

CREATE TABLE node (
    node INTEGER NOT NULL PRIMARY KEY,
    holder INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT;

CREATE TABLE firm (
    firm_id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    hours TEXT,
    holidays TEXT NOT NULL,
    domains TEXT NOT NULL,
    standards TEXT,
    lead_id INTEGER,
    next_address INTEGER NOT NULL,
    record_from_at INTEGER,
    behind INTEGER NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE address (
    firm_id INTEGER NOT NULL,
    address INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (firm_id, address)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX address_text ON address (firm_id, text);

CREATE TABLE staff (
    firm_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    access TEXT NOT NULL,
    zone TEXT,
    hours TEXT,
    skills TEXT NOT NULL,
    left_day TEXT,
    custom TEXT NOT NULL,
    proposed INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, staff_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_address (
    firm_id INTEGER NOT NULL,
    address INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (firm_id, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX staff_address_staff ON staff_address (firm_id, staff_id);

CREATE TABLE absence (
    firm_id INTEGER NOT NULL,
    absence_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    cover_id INTEGER,
    PRIMARY KEY (firm_id, absence_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX absence_once ON absence (firm_id, staff_id, from_day);

CREATE TABLE client (
    firm_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    external_key TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    since_day TEXT,
    tier TEXT,
    point_person_id INTEGER,
    cover_id INTEGER,
    revenue_minor INTEGER,
    revenue_currency TEXT,
    custom TEXT NOT NULL,
    erased_at INTEGER,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, client_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX client_external_key ON client (firm_id, external_key);

CREATE INDEX client_name ON client (firm_id, name);

CREATE TABLE contact (
    firm_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    role TEXT,
    circumstances TEXT,
    custom TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_client ON contact (firm_id, client_id);

CREATE TABLE contact_address (
    firm_id INTEGER NOT NULL,
    address INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    PRIMARY KEY (firm_id, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_address_contact ON contact_address (firm_id, contact_id);

CREATE TABLE placement (
    firm_id INTEGER NOT NULL,
    scope TEXT NOT NULL,
    text TEXT NOT NULL,
    who TEXT NOT NULL,
    client_id INTEGER,
    staff_id INTEGER,
    decided_by_id INTEGER,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, scope, text)
) STRICT, WITHOUT ROWID;

CREATE INDEX placement_client ON placement (firm_id, client_id);

CREATE TABLE matter (
    firm_id INTEGER NOT NULL,
    matter_id INTEGER NOT NULL,
    external_key TEXT NOT NULL,
    client_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    handler_id INTEGER,
    cover_id INTEGER,
    stage TEXT,
    client_status TEXT,
    opened_day TEXT,
    closed_day TEXT,
    custom TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, matter_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX matter_external_key ON matter (firm_id, external_key);

CREATE INDEX matter_client ON matter (firm_id, client_id);

CREATE TABLE mailbox (
    firm_id INTEGER NOT NULL,
    mailbox_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    address INTEGER,
    staff_id INTEGER,
    shows TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, mailbox_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX mailbox_name ON mailbox (firm_id, name);

CREATE TABLE folder (
    firm_id INTEGER NOT NULL,
    folder_id INTEGER NOT NULL,
    mailbox_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (firm_id, folder_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX folder_name ON folder (firm_id, mailbox_id, name);

CREATE TABLE source_file (
    firm_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    reached INTEGER NOT NULL,
    member TEXT,
    done INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    imported_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, source_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX source_file_path ON source_file (firm_id, path);

CREATE TABLE unreadable (
    firm_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    error TEXT NOT NULL,
    raw_hash BLOB,
    PRIMARY KEY (firm_id, source_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE raw (
    firm_id INTEGER NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (firm_id, hash)
) STRICT;

CREATE TABLE thread (
    firm_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    last_direction TEXT NOT NULL,
    messages INTEGER NOT NULL,
    client_id INTEGER,
    PRIMARY KEY (firm_id, thread_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX thread_client ON thread (firm_id, client_id, last_at);

CREATE TABLE entry (
    firm_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    natural_key INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    answers_key INTEGER,
    facts BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX entry_natural_key ON entry (firm_id, natural_key);

CREATE INDEX entry_thread ON entry (firm_id, thread_id, at);

CREATE TABLE message (
    firm_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL PRIMARY KEY,
    message_id TEXT NOT NULL,
    content_key INTEGER NOT NULL,
    subject TEXT NOT NULL,
    people TEXT NOT NULL,
    body TEXT NOT NULL,
    direction TEXT NOT NULL,
    automatic TEXT,
    attachments INTEGER NOT NULL,
    reader_version INTEGER NOT NULL,
    raw_hash BLOB
) STRICT;

CREATE INDEX message_content ON message (firm_id, content_key);

CREATE TABLE call (
    firm_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL PRIMARY KEY,
    direction TEXT NOT NULL,
    from_address INTEGER NOT NULL,
    to_address INTEGER NOT NULL,
    from_spelled TEXT NOT NULL,
    to_spelled TEXT NOT NULL,
    seconds INTEGER
) STRICT;

CREATE TABLE note (
    firm_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    written_by_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE INDEX note_client ON note (firm_id, client_id);

CREATE TABLE decision (
    firm_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    client_id INTEGER,
    decided_by_id INTEGER,
    about_key INTEGER,
    words TEXT NOT NULL
) STRICT;

CREATE INDEX decision_client ON decision (firm_id, client_id);

CREATE INDEX decision_kind ON decision (firm_id, kind);

CREATE INDEX decision_about ON decision (firm_id, about_key);

CREATE TABLE entry_address (
    firm_id INTEGER NOT NULL,
    address INTEGER NOT NULL,
    at INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (firm_id, address, at, entry_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_tie (
    firm_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    facts BLOB NOT NULL,
    PRIMARY KEY (firm_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_mention (
    firm_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    PRIMARY KEY (firm_id, client_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_mailbox (
    firm_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    folder_id INTEGER NOT NULL,
    source_id INTEGER,
    position INTEGER,
    PRIMARY KEY (firm_id, entry_id, folder_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE act (
    firm_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL,
    confidence REAL NOT NULL,
    due_at INTEGER,
    PRIMARY KEY (firm_id, entry_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE obligation (
    firm_id INTEGER NOT NULL,
    obligation_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    contact INTEGER,
    kind TEXT NOT NULL,
    owner_id INTEGER,
    opened_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    ended_at INTEGER,
    ending TEXT,
    proposed INTEGER NOT NULL,
    confidence REAL NOT NULL,
    chases INTEGER NOT NULL,
    first INTEGER NOT NULL,
    facts BLOB NOT NULL,
    PRIMARY KEY (firm_id, obligation_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX obligation_client ON obligation (firm_id, client_id);

CREATE INDEX obligation_open ON obligation (firm_id, first DESC, due_at) WHERE ended_at IS NULL;

CREATE INDEX obligation_owner ON obligation (firm_id, owner_id, first DESC, due_at) WHERE ended_at IS NULL;

CREATE TABLE audit (
    firm_id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    staff_id INTEGER,
    act TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (firm_id, audit_id)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE entry_words USING fts5 (
    firm, subject, body, people,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
