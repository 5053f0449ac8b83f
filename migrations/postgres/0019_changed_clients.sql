-- What clients were called, and their tiers, before somebody changed them: so that each change can be taken back.

CREATE TABLE client_change (
    firm_id BIGINT NOT NULL,
    change_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    old_name TEXT NOT NULL,
    old_tier TEXT,
    new_name TEXT NOT NULL,
    new_tier TEXT,
    changed_by_id BIGINT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    undone_at TIMESTAMPTZ,
    PRIMARY KEY (firm_id, change_id)
);

CREATE INDEX client_change_client ON client_change (firm_id, client_id, change_id);
