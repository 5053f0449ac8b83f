-- Mailboxes that are signed in to by OAuth 2: as whom the firm asks the servers that give tokens, sign-ins that somebody
-- has begun, and which process gets the next token of a mailbox.

CREATE TABLE oauth_client (
    firm_id BIGINT NOT NULL,
    oauth_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    provider TEXT NOT NULL,
    client_id TEXT NOT NULL,
    secret BYTEA,
    authorize_url TEXT NOT NULL,
    token_url TEXT NOT NULL,
    device_url TEXT,
    scopes TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, oauth_id)
);

CREATE TABLE sign_in_begun (
    firm_id BIGINT NOT NULL,
    begun_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    oauth_id BIGINT NOT NULL,
    mark BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    wish TEXT NOT NULL,
    user_code TEXT,
    type_at TEXT,
    every_seconds BIGINT NOT NULL,
    asked_at TIMESTAMPTZ,
    until_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, begun_id)
);

ALTER TABLE connection ADD COLUMN oauth_id BIGINT;

ALTER TABLE connection ADD COLUMN signed_in_at TIMESTAMPTZ;

ALTER TABLE connection ADD COLUMN renewing_until BIGINT NOT NULL DEFAULT 0;
