-- What is owed keeps a column for what is asked for in SQL, and all of it packed beside them; what is owed to one
-- client lies together. It follows from the record, so it is folded anew, and the firm is marked as behind until that
-- is done.

DROP TABLE obligation;

CREATE TABLE obligation (
    firm_id BIGINT NOT NULL,
    obligation_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    owner_id BIGINT,
    due_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    first BOOLEAN NOT NULL,
    facts BYTEA NOT NULL,
    PRIMARY KEY (firm_id, client_id, obligation_id)
);

CREATE UNIQUE INDEX obligation_one ON obligation (firm_id, obligation_id);

CREATE INDEX obligation_open ON obligation (firm_id, first DESC, due_at) WHERE ended_at IS NULL;

CREATE INDEX obligation_owner ON obligation (firm_id, owner_id, first DESC, due_at) WHERE ended_at IS NULL;

UPDATE firm SET behind = TRUE;
