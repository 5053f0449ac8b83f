-- Clients who left: when that was noticed, when they had gone, and why, with how the reason is known.

CREATE TABLE departure (
    firm_id INTEGER NOT NULL,
    departure_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    noticed_day TEXT NOT NULL,
    left_day TEXT,
    reason TEXT,
    evidence TEXT,
    words TEXT NOT NULL,
    custom TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, departure_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX departure_once ON departure (firm_id, client_id, noticed_day);
