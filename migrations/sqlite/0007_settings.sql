-- One-time links to an account, what was set before, and which folders the firm sees.

CREATE TABLE invitation (
    firm_id INTEGER NOT NULL,
    invitation_hash BLOB NOT NULL,
    staff_id INTEGER NOT NULL,
    email TEXT NOT NULL,
    made_by_id INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, invitation_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting_change (
    firm_id INTEGER NOT NULL,
    change_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    earlier TEXT NOT NULL,
    changed_by_id INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, change_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE folder ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;
