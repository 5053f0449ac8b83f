-- Logs of telephone systems that are followed, what in them could not be read, and voicemails that take no more messages;
-- what a telephone system calls its columns.

CREATE TABLE call_log (
    firm_id BIGINT NOT NULL,
    log_id BIGINT NOT NULL,
    path TEXT NOT NULL,
    made_by_id BIGINT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    inode BIGINT NOT NULL,
    reached BIGINT NOT NULL,
    line BIGINT NOT NULL,
    mark BYTEA NOT NULL,
    header TEXT,
    waiting TEXT NOT NULL,
    calls BIGINT NOT NULL,
    read_at TIMESTAMPTZ,
    looked_at TIMESTAMPTZ,
    trouble TEXT,
    trouble_at TIMESTAMPTZ,
    PRIMARY KEY (firm_id, log_id)
);

CREATE UNIQUE INDEX call_log_path ON call_log (firm_id, path);

CREATE TABLE call_log_wrong (
    firm_id BIGINT NOT NULL,
    wrong_id BIGINT NOT NULL,
    log_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    error TEXT NOT NULL,
    met_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, wrong_id)
);

CREATE INDEX call_log_wrong_log ON call_log_wrong (firm_id, log_id, wrong_id);

CREATE TABLE full_voicemail (
    firm_id BIGINT NOT NULL,
    voicemail_id BIGINT NOT NULL,
    line TEXT NOT NULL,
    staff_id BIGINT,
    since_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, voicemail_id)
);

CREATE UNIQUE INDEX full_voicemail_line ON full_voicemail (firm_id, line);

ALTER TABLE firm ADD COLUMN call_columns TEXT;
