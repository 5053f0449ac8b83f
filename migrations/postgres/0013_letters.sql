-- Of a letter that is being written: who gets a copy that nobody else knows of. And what the firm says by itself to a
-- client whose message will have to wait: its words, and what was done about each message.

ALTER TABLE draft ADD COLUMN blind_copies TEXT NOT NULL DEFAULT '';

CREATE TABLE holding_reply (
    firm_id BIGINT NOT NULL,
    words TEXT NOT NULL,
    on_since TIMESTAMPTZ,
    changed_by_id BIGINT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id)
);

CREATE TABLE holding_look (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    address TEXT NOT NULL,
    client_id BIGINT,
    outcome TEXT NOT NULL,
    told_until TIMESTAMPTZ,
    outgoing_id BIGINT,
    looked_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, entry_id)
);

CREATE INDEX holding_look_at ON holding_look (firm_id, looked_at);
