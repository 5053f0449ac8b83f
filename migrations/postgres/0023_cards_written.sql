-- What each card that was written into an address book said, as marks without a word, so that what its owner changes there is
-- told from what changed here; and indices for meetings by their end, and for what has ended.

ALTER TABLE subscribed_item ADD COLUMN said TEXT;

CREATE INDEX subscribed_fact_to ON subscribed_fact (firm_id, kind, ends_at);

CREATE INDEX obligation_ended ON obligation (firm_id, ended_at) WHERE ended_at IS NOT NULL;
