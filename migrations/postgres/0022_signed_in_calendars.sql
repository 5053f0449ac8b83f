-- Calendars and address books that are signed in to by OAuth 2, like mailboxes: what kind of secret each is reached with,
-- who gave the token, and which process gets the next one; and what is asked for where somebody signs in for them. And mailboxes that the firm shared, and that are connected no more.

ALTER TABLE subscription ADD COLUMN secret_kind TEXT NOT NULL DEFAULT 'password';

ALTER TABLE subscription ADD COLUMN oauth_id BIGINT;

ALTER TABLE subscription ADD COLUMN renewing_until BIGINT NOT NULL DEFAULT 0;

ALTER TABLE oauth_client ADD COLUMN calendar_scopes TEXT;

ALTER TABLE oauth_client ADD COLUMN contact_scopes TEXT;

ALTER TABLE mailbox ADD COLUMN was_shared BOOLEAN NOT NULL DEFAULT FALSE;
