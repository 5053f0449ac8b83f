-- What people changed of contacts, kept beside what they changed of clients, so that each can be taken back; nobody was
-- there before where old_reached is NULL. And what a card gave a contact beside addresses, with what that was before.

ALTER TABLE client_change ADD COLUMN contact_id BIGINT;
ALTER TABLE client_change ADD COLUMN old_role TEXT;
ALTER TABLE client_change ADD COLUMN old_reached TEXT;
ALTER TABLE client_change ADD COLUMN new_role TEXT;
ALTER TABLE client_change ADD COLUMN new_reached TEXT;

ALTER TABLE proposed_contact ADD COLUMN name_before TEXT;
ALTER TABLE proposed_contact ADD COLUMN gave_name TEXT;
ALTER TABLE proposed_contact ADD COLUMN role_before TEXT;
ALTER TABLE proposed_contact ADD COLUMN gave_role TEXT;
