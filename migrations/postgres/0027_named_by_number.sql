-- What a server listed and did not give is asked for again at each look, by the number that it was noted under.
CREATE INDEX mail_seen_number ON mail_seen (firm_id, mailbox_id, number);
