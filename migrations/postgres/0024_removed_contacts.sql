-- Whom somebody removed from a client's contacts is a change of a contact after which nobody is there: new_reached is NULL.

CREATE INDEX client_change_removed ON client_change (firm_id, contact_id)
    WHERE contact_id IS NOT NULL AND new_reached IS NULL AND undone_at IS NULL;
