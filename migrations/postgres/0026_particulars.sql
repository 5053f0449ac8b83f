-- What a client's record tells of them beside what happened (why they came, and so on): each row holds what was told from
-- told_at on, or, where that is NULL, what a list told, which holds since they are a client, until ended_at. What stood
-- in columns of these names among what a list told beside the rest is taken over. And what somebody changed of it is kept
-- with what they changed of name and tier, as JSON, of which nothing stands there in changes made before.

CREATE TABLE client_particular (
    firm_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    particular TEXT NOT NULL,
    told_no BIGINT NOT NULL,
    words TEXT NOT NULL,
    told_by_id BIGINT,
    told_at TIMESTAMPTZ,
    told_change_id BIGINT,
    ended_at TIMESTAMPTZ,
    ended_change_id BIGINT,
    PRIMARY KEY (firm_id, client_id, particular, told_no)
);

CREATE INDEX client_particular_known
    ON client_particular (firm_id, client_id, particular, told_no, told_at, ended_at, told_by_id);

INSERT INTO client_particular (firm_id, client_id, particular, told_no, words)
SELECT firm_id, client_id, particular, 0, words FROM (
    SELECT c.firm_id, c.client_id, e.value AS words,
        CASE lower(replace(replace(replace(e.key, ' ', ''), '_', ''), '-', ''))
            WHEN 'whycame' THEN 'why_came'
            WHEN 'circumstances' THEN 'circumstances'
            WHEN 'expectations' THEN 'expectations'
            WHEN 'channel' THEN 'channel'
            WHEN 'heardofus' THEN 'heard_of_us'
        END AS particular,
        row_number() OVER (PARTITION BY c.firm_id, c.client_id,
            lower(replace(replace(replace(e.key, ' ', ''), '_', ''), '-', '')) ORDER BY e.key) AS place
    FROM client c, jsonb_each_text(
        CASE WHEN position('\u0000' IN c.custom) > 0 THEN '{}' ELSE c.custom END::jsonb) e
    WHERE c.erased_at IS NULL AND trim(e.value) <> ''
) told WHERE particular IS NOT NULL AND place = 1;

UPDATE client SET custom = COALESCE((SELECT jsonb_object_agg(e.key, e.value)::text FROM jsonb_each_text(client.custom::jsonb) e
    WHERE NOT EXISTS
        (SELECT 1 FROM client_particular p WHERE p.firm_id = client.firm_id AND p.client_id = client.client_id
            AND replace(p.particular, '_', '') = lower(replace(replace(replace(e.key, ' ', ''), '_', ''), '-', ''))
            AND p.words = e.value)), '{}')
WHERE EXISTS
    (SELECT 1 FROM client_particular p WHERE p.firm_id = client.firm_id AND p.client_id = client.client_id);

ALTER TABLE client_change ADD COLUMN old_told TEXT;

ALTER TABLE client_change ADD COLUMN new_told TEXT;
