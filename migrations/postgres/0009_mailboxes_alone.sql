-- Mailboxes that people connect themselves and the program looks after: how far it is, whom it leaves out, what it warned
-- of; what it sends to the firm's own people; and telephone systems that tell of calls.

ALTER TABLE connection ADD COLUMN paused BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE connection ADD COLUMN fetching TEXT;
ALTER TABLE connection ADD COLUMN fetching_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN fetching_of BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN full_percent BIGINT;

CREATE TABLE excluded (
    firm_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    what TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, staff_id, what)
);

CREATE TABLE alarm (
    firm_id BIGINT NOT NULL,
    alarm_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    about_id BIGINT NOT NULL,
    staff_id BIGINT,
    words TEXT NOT NULL,
    begun_at TIMESTAMPTZ NOT NULL,
    over_at TIMESTAMPTZ,
    told BOOLEAN NOT NULL,
    told_over BOOLEAN NOT NULL,
    PRIMARY KEY (firm_id, alarm_id)
);

CREATE INDEX alarm_over ON alarm (firm_id, over_at);

CREATE TABLE digest_wish (
    firm_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    morning BOOLEAN NOT NULL,
    weekly BOOLEAN NOT NULL,
    zone TEXT,
    PRIMARY KEY (firm_id, staff_id)
);

CREATE TABLE digest (
    firm_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    outgoing_id BIGINT,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, staff_id, kind, day)
);

ALTER TABLE firm ADD COLUMN sender_mailbox_id BIGINT;
ALTER TABLE firm ADD COLUMN web_address TEXT;

CREATE TABLE call_hook (
    firm_id BIGINT NOT NULL,
    hook_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    secret BYTEA NOT NULL,
    made_by_id BIGINT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    heard_at TIMESTAMPTZ,
    PRIMARY KEY (firm_id, hook_id)
);

CREATE TABLE call_heard (
    firm_id BIGINT NOT NULL,
    hook_id BIGINT NOT NULL,
    mark BYTEA NOT NULL,
    heard_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (firm_id, hook_id, mark)
);
