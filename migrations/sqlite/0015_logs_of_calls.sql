-- Logs of telephone systems that are followed, what in them could not be read, and voicemails that take no more messages;
-- what a telephone system calls its columns.

CREATE TABLE call_log (
    firm_id INTEGER NOT NULL,
    log_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    made_by_id INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    reached INTEGER NOT NULL,
    line INTEGER NOT NULL,
    mark BLOB NOT NULL,
    header TEXT,
    waiting TEXT NOT NULL,
    calls INTEGER NOT NULL,
    read_at INTEGER,
    looked_at INTEGER,
    trouble TEXT,
    trouble_at INTEGER,
    PRIMARY KEY (firm_id, log_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX call_log_path ON call_log (firm_id, path);

CREATE TABLE call_log_wrong (
    firm_id INTEGER NOT NULL,
    wrong_id INTEGER NOT NULL,
    log_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    error TEXT NOT NULL,
    met_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, wrong_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX call_log_wrong_log ON call_log_wrong (firm_id, log_id, wrong_id);

CREATE TABLE full_voicemail (
    firm_id INTEGER NOT NULL,
    voicemail_id INTEGER NOT NULL,
    line TEXT NOT NULL,
    staff_id INTEGER,
    since_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, voicemail_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX full_voicemail_line ON full_voicemail (firm_id, line);

ALTER TABLE firm ADD COLUMN call_columns TEXT;
