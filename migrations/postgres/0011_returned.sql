-- Reports of mail servers about messages of ours: which of them were looked at, and what came back.

CREATE TABLE report_read (
    firm_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    outgoing_id BIGINT,
    PRIMARY KEY (firm_id, entry_id)
);

CREATE INDEX outgoing_message ON outgoing (firm_id, message_id);
