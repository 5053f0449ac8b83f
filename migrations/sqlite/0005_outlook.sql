-- What is known of the contact with each client: kept beside what is owed, and made anew with it.

CREATE TABLE outlook (
    firm_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    last_in_at INTEGER,
    last_out_at INTEGER,
    ties INTEGER NOT NULL,
    likeness REAL NOT NULL,
    facts BLOB NOT NULL,
    PRIMARY KEY (firm_id, client_id)
) STRICT, WITHOUT ROWID;
