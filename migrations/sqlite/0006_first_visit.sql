-- Whose public holidays a firm keeps, and the mail domains that somebody named as its own.

ALTER TABLE firm ADD COLUMN region TEXT;

ALTER TABLE firm ADD COLUMN named_domains TEXT NOT NULL DEFAULT '[]';
