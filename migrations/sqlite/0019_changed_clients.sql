-- What clients were called, and their tiers, before somebody changed them: so that each change can be taken back.

CREATE TABLE client_change (
    firm_id INTEGER NOT NULL,
    change_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    old_name TEXT NOT NULL,
    old_tier TEXT,
    new_name TEXT NOT NULL,
    new_tier TEXT,
    changed_by_id INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    undone_at INTEGER,
    PRIMARY KEY (firm_id, change_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX client_change_client ON client_change (firm_id, client_id, change_id);
