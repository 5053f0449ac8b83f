-- Of a letter that is being written: who gets a copy that nobody else knows of. And what the firm says by itself to a
-- client whose message will have to wait: its words, and what was done about each message.

ALTER TABLE draft ADD COLUMN blind_copies TEXT NOT NULL DEFAULT '';

CREATE TABLE holding_reply (
    firm_id INTEGER NOT NULL,
    words TEXT NOT NULL,
    on_since INTEGER,
    changed_by_id INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE holding_look (
    firm_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    address TEXT NOT NULL,
    client_id INTEGER,
    outcome TEXT NOT NULL,
    told_until INTEGER,
    outgoing_id INTEGER,
    looked_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX holding_look_at ON holding_look (firm_id, looked_at);
