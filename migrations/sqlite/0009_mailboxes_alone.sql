-- Mailboxes that people connect themselves and the program looks after: how far it is, whom it leaves out, what it warned
-- of; what it sends to the firm's own people; and telephone systems that tell of calls.

ALTER TABLE connection ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN fetching TEXT;
ALTER TABLE connection ADD COLUMN fetching_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN fetching_of INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN full_percent INTEGER;

CREATE TABLE excluded (
    firm_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, staff_id, what)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarm (
    firm_id INTEGER NOT NULL,
    alarm_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    about_id INTEGER NOT NULL,
    staff_id INTEGER,
    words TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    over_at INTEGER,
    told INTEGER NOT NULL,
    told_over INTEGER NOT NULL,
    PRIMARY KEY (firm_id, alarm_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX alarm_over ON alarm (firm_id, over_at);

CREATE TABLE digest_wish (
    firm_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    morning INTEGER NOT NULL,
    weekly INTEGER NOT NULL,
    zone TEXT,
    PRIMARY KEY (firm_id, staff_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE digest (
    firm_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    outgoing_id INTEGER,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, staff_id, kind, day)
) STRICT, WITHOUT ROWID;

ALTER TABLE firm ADD COLUMN sender_mailbox_id INTEGER;
ALTER TABLE firm ADD COLUMN web_address TEXT;

CREATE TABLE call_hook (
    firm_id INTEGER NOT NULL,
    hook_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    secret BLOB NOT NULL,
    made_by_id INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    heard_at INTEGER,
    PRIMARY KEY (firm_id, hook_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE call_heard (
    firm_id INTEGER NOT NULL,
    hook_id INTEGER NOT NULL,
    mark BLOB NOT NULL,
    heard_at INTEGER NOT NULL,
    PRIMARY KEY (firm_id, hook_id, mark)
) STRICT, WITHOUT ROWID;
