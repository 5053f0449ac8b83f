-- From when on the corrections of a firm's people teach its reader; none for all of them.

ALTER TABLE firm ADD COLUMN taught_from_at TIMESTAMPTZ;
