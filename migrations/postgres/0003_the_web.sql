-- Who signs in and what they may see; what changed, so that pages know; saved views of lists.

CREATE TABLE sign_in (
    firm_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    email TEXT NOT NULL,
    password TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, staff_id)
);

CREATE UNIQUE INDEX sign_in_email ON sign_in (firm_id, email);

CREATE TABLE session (
    firm_id BIGINT NOT NULL,
    session_hash BYTEA NOT NULL,
    staff_id BIGINT NOT NULL,
    agent TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, session_hash)
);

CREATE INDEX session_staff ON session (firm_id, staff_id);

CREATE TABLE token (
    firm_id BIGINT NOT NULL,
    token_hash BYTEA NOT NULL,
    token_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ,
    PRIMARY KEY (firm_id, token_hash)
);

CREATE INDEX token_staff ON token (firm_id, staff_id);

CREATE TABLE wall (
    firm_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    matter_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    set_by_id BIGINT NOT NULL,
    set_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, staff_id, client_id, matter_id)
);

CREATE TABLE change (
    firm_id BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    PRIMARY KEY (firm_id, revision, client_id)
);

CREATE TABLE saved_view (
    firm_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    view_id BIGINT NOT NULL,
    page TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, staff_id, view_id)
);

ALTER TABLE firm ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

CREATE INDEX audit_at ON audit (firm_id, at);
