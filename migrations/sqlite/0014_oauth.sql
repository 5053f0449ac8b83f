-- Mailboxes that are signed in to by OAuth 2: as whom the firm asks the servers that give tokens, sign-ins that somebody
-- has begun, and which process gets the next token of a mailbox.

CREATE TABLE oauth_client (
    firm_id INTEGER NOT NULL,
    oauth_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    provider TEXT NOT NULL,
    client_id TEXT NOT NULL,
    secret BLOB,
    authorize_url TEXT NOT NULL,
    token_url TEXT NOT NULL,
    device_url TEXT,
    scopes TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, oauth_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_in_begun (
    firm_id INTEGER NOT NULL,
    begun_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    oauth_id INTEGER NOT NULL,
    mark BLOB NOT NULL,
    sealed BLOB NOT NULL,
    wish TEXT NOT NULL,
    user_code TEXT,
    type_at TEXT,
    every_seconds INTEGER NOT NULL,
    asked_at INTEGER,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, begun_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE connection ADD COLUMN oauth_id INTEGER;

ALTER TABLE connection ADD COLUMN signed_in_at INTEGER;

ALTER TABLE connection ADD COLUMN renewing_until INTEGER NOT NULL DEFAULT 0;
