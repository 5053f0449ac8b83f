-- The first schema: firm, people, the record, and what is owed.
-- Rules (held by tests/sql_rules.rs): firm_id leads every key; no triggers, no serials; one statement after another.

CREATE TABLE node (
    node BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    until_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (node)
);

CREATE TABLE firm (
    firm_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    hours TEXT,
    holidays TEXT NOT NULL,
    domains TEXT NOT NULL,
    standards TEXT,
    lead_id BIGINT,
    next_address BIGINT NOT NULL,
    record_from_at TIMESTAMPTZ,
    behind BOOLEAN NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id)
);

CREATE TABLE address (
    firm_id BIGINT NOT NULL,
    address BIGINT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (firm_id, address)
);

CREATE UNIQUE INDEX address_text ON address (firm_id, text);

CREATE TABLE staff (
    firm_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    access TEXT NOT NULL,
    zone TEXT,
    hours TEXT,
    skills TEXT NOT NULL,
    left_day TEXT,
    custom TEXT NOT NULL,
    proposed BOOLEAN NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, staff_id)
);

CREATE TABLE staff_address (
    firm_id BIGINT NOT NULL,
    address BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (firm_id, address)
);

CREATE INDEX staff_address_staff ON staff_address (firm_id, staff_id);

CREATE TABLE absence (
    firm_id BIGINT NOT NULL,
    absence_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    cover_id BIGINT,
    PRIMARY KEY (firm_id, absence_id)
);

CREATE UNIQUE INDEX absence_once ON absence (firm_id, staff_id, from_day);

CREATE TABLE client (
    firm_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    external_key TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    since_day TEXT,
    tier TEXT,
    point_person_id BIGINT,
    cover_id BIGINT,
    revenue_minor BIGINT,
    revenue_currency TEXT,
    custom TEXT NOT NULL,
    erased_at TIMESTAMPTZ,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, client_id)
);

CREATE UNIQUE INDEX client_external_key ON client (firm_id, external_key);

CREATE INDEX client_name ON client (firm_id, name);

CREATE TABLE contact (
    firm_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    role TEXT,
    circumstances TEXT,
    custom TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, contact_id)
);

CREATE INDEX contact_client ON contact (firm_id, client_id);

CREATE TABLE contact_address (
    firm_id BIGINT NOT NULL,
    address BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (firm_id, address)
);

CREATE INDEX contact_address_contact ON contact_address (firm_id, contact_id);

CREATE TABLE placement (
    firm_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    text TEXT NOT NULL,
    who TEXT NOT NULL,
    client_id BIGINT,
    staff_id BIGINT,
    decided_by_id BIGINT,
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, scope, text)
);

CREATE INDEX placement_client ON placement (firm_id, client_id);

CREATE TABLE matter (
    firm_id BIGINT NOT NULL,
    matter_id BIGINT NOT NULL,
    external_key TEXT NOT NULL,
    client_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    handler_id BIGINT,
    cover_id BIGINT,
    stage TEXT,
    client_status TEXT,
    opened_day TEXT,
    closed_day TEXT,
    custom TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, matter_id)
);

CREATE UNIQUE INDEX matter_external_key ON matter (firm_id, external_key);

CREATE INDEX matter_client ON matter (firm_id, client_id);

CREATE TABLE mailbox (
    firm_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    address BIGINT,
    staff_id BIGINT,
    shows TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, mailbox_id)
);

CREATE UNIQUE INDEX mailbox_name ON mailbox (firm_id, name);

CREATE TABLE folder (
    firm_id BIGINT NOT NULL,
    folder_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (firm_id, folder_id)
);

CREATE UNIQUE INDEX folder_name ON folder (firm_id, mailbox_id, name);

CREATE TABLE source_file (
    firm_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    path TEXT NOT NULL,
    size BIGINT NOT NULL,
    stamp BIGINT NOT NULL,
    reached BIGINT NOT NULL,
    member TEXT,
    done BOOLEAN NOT NULL,
    messages BIGINT NOT NULL,
    imported_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, source_id)
);

CREATE UNIQUE INDEX source_file_path ON source_file (firm_id, path);

CREATE TABLE unreadable (
    firm_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    error TEXT NOT NULL,
    raw_hash BYTEA,
    PRIMARY KEY (firm_id, source_id, position)
);

CREATE TABLE raw (
    firm_id BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    size BIGINT NOT NULL,
    packed BYTEA NOT NULL,
    PRIMARY KEY (firm_id, hash)
);

CREATE TABLE thread (
    firm_id BIGINT NOT NULL,
    thread_id BIGINT NOT NULL,
    subject TEXT NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    last_direction TEXT NOT NULL,
    messages BIGINT NOT NULL,
    client_id BIGINT,
    PRIMARY KEY (firm_id, thread_id)
);

CREATE INDEX thread_client ON thread (firm_id, client_id, last_at);

CREATE TABLE entry (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    natural_key BIGINT NOT NULL,
    thread_id BIGINT NOT NULL,
    answers_key BIGINT,
    facts BYTEA NOT NULL,
    PRIMARY KEY (firm_id, entry_id)
);

CREATE UNIQUE INDEX entry_natural_key ON entry (firm_id, natural_key);

CREATE INDEX entry_thread ON entry (firm_id, thread_id, at);

CREATE TABLE message (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    content_key BIGINT NOT NULL,
    subject TEXT NOT NULL,
    people TEXT NOT NULL,
    body TEXT NOT NULL,
    direction TEXT NOT NULL,
    automatic TEXT,
    attachments BIGINT NOT NULL,
    reader_version BIGINT NOT NULL,
    raw_hash BYTEA,
    PRIMARY KEY (firm_id, entry_id)
);

CREATE INDEX message_content ON message (firm_id, content_key);

CREATE TABLE call (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    direction TEXT NOT NULL,
    from_address BIGINT NOT NULL,
    to_address BIGINT NOT NULL,
    from_spelled TEXT NOT NULL,
    to_spelled TEXT NOT NULL,
    seconds BIGINT,
    PRIMARY KEY (firm_id, entry_id)
);

CREATE TABLE note (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    written_by_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (firm_id, entry_id)
);

CREATE INDEX note_client ON note (firm_id, client_id);

CREATE TABLE decision (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    client_id BIGINT,
    decided_by_id BIGINT,
    about_key BIGINT,
    words TEXT NOT NULL,
    PRIMARY KEY (firm_id, entry_id)
);

CREATE INDEX decision_client ON decision (firm_id, client_id);

CREATE INDEX decision_kind ON decision (firm_id, kind);

CREATE INDEX decision_about ON decision (firm_id, about_key);

CREATE TABLE entry_address (
    firm_id BIGINT NOT NULL,
    address BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    entry_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (firm_id, address, at, entry_id)
);

CREATE TABLE entry_tie (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    facts BYTEA NOT NULL,
    PRIMARY KEY (firm_id, entry_id)
);

CREATE TABLE entry_mention (
    firm_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    PRIMARY KEY (firm_id, client_id, entry_id)
);

CREATE TABLE entry_mailbox (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    folder_id BIGINT NOT NULL,
    source_id BIGINT,
    position BIGINT,
    PRIMARY KEY (firm_id, entry_id, folder_id)
);

CREATE TABLE act (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    kind TEXT NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    due_at TIMESTAMPTZ,
    PRIMARY KEY (firm_id, entry_id, n)
);

CREATE TABLE obligation (
    firm_id BIGINT NOT NULL,
    obligation_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    contact BIGINT,
    kind TEXT NOT NULL,
    owner_id BIGINT,
    opened_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    ending TEXT,
    proposed BOOLEAN NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    chases BIGINT NOT NULL,
    first BOOLEAN NOT NULL,
    facts BYTEA NOT NULL,
    PRIMARY KEY (firm_id, obligation_id)
);

CREATE INDEX obligation_client ON obligation (firm_id, client_id);

CREATE INDEX obligation_open ON obligation (firm_id, first DESC, due_at) WHERE ended_at IS NULL;

CREATE INDEX obligation_owner ON obligation (firm_id, owner_id, first DESC, due_at) WHERE ended_at IS NULL;

CREATE TABLE audit (
    firm_id BIGINT NOT NULL,
    audit_id BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    staff_id BIGINT,
    act TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (firm_id, audit_id)
);

CREATE TABLE entry_words (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (firm_id, entry_id)
);

CREATE INDEX entry_words_words ON entry_words USING gin (words);
