-- Letters are found by words without what stands on their letters, as with SQLite.
UPDATE entry_words w SET words = to_tsvector('simple', normalize(regexp_replace(
    normalize(left(m.subject || ' ' || m.people || ' ' || m.body, 300000), NFD), '[\u0300-\u036f]', '', 'g'), NFC))
FROM message m WHERE m.firm_id = w.firm_id AND m.entry_id = w.entry_id
    AND (m.subject || m.people || m.body) ~ '[^\u0001-\u007f]';
