-- What is known of the contact with each client: kept beside what is owed, and made anew with it.

CREATE TABLE outlook (
    firm_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    last_in_at TIMESTAMPTZ,
    last_out_at TIMESTAMPTZ,
    ties BIGINT NOT NULL,
    likeness DOUBLE PRECISION NOT NULL,
    facts BYTEA NOT NULL,
    PRIMARY KEY (firm_id, client_id)
);
