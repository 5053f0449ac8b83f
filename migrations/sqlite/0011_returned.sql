-- Reports of mail servers about messages of ours: which of them were looked at, and what came back.

CREATE TABLE report_read (
    firm_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    outgoing_id INTEGER,
    PRIMARY KEY (firm_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX outgoing_message ON outgoing (firm_id, message_id);
