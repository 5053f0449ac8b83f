-- Who signs in and what they may see; what changed, so that pages know; saved views of lists.

CREATE TABLE sign_in (
    firm_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    email TEXT NOT NULL,
    password TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, staff_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX sign_in_email ON sign_in (firm_id, email);

CREATE TABLE session (
    firm_id INTEGER NOT NULL,
    session_hash BLOB NOT NULL,
    staff_id INTEGER NOT NULL,
    agent TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, session_hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_staff ON session (firm_id, staff_id);

CREATE TABLE token (
    firm_id INTEGER NOT NULL,
    token_hash BLOB NOT NULL,
    token_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    seen_at INTEGER,
    PRIMARY KEY (firm_id, token_hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX token_staff ON token (firm_id, staff_id);

CREATE TABLE wall (
    firm_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    matter_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    set_by_id INTEGER NOT NULL,
    set_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, staff_id, client_id, matter_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE change (
    firm_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    PRIMARY KEY (firm_id, revision, client_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_view (
    firm_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    view_id INTEGER NOT NULL,
    page TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, staff_id, view_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE firm ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

CREATE INDEX audit_at ON audit (firm_id, at);
