-- What was known of the contact with each client before is kept apart from what came since, so that a letter more writes
-- little: outlook.facts holds what came since then, no bytes where that is nothing.

CREATE TABLE outlook_before (
    firm_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    facts BYTEA NOT NULL,
    PRIMARY KEY (firm_id, client_id)
);

INSERT INTO outlook_before (firm_id, client_id, facts) SELECT firm_id, client_id, facts FROM outlook;

UPDATE outlook SET facts = ''::bytea;
