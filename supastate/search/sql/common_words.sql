-- The words that a large part of many texts has, told by those texts whose hashes are the lowest: hashes are in no
-- order. `rows` takes the table of a kind, `visible` its visible_*.sql, with that statement's filters. Parameters
-- besides: sampled (so many texts), below (the last hash of the sample is below it where there are many texts), least
-- (so many of the sample must pass the filters), share (of those that pass; so many of them have a common word).
-- Result: word (tsquery text), share.
WITH lowest AS MATERIALIZED (
    SELECT id, content_hash FROM {rows} ORDER BY content_hash LIMIT %(sampled)s
), sample AS MATERIALIZED (
    SELECT visible.search FROM lowest JOIN ({visible}) AS visible USING (id)
), whole AS (
    SELECT count(*) AS count FROM sample
)
SELECT query_lexeme(item.lexeme)::text, count(*)::float8 / whole.count AS share
FROM sample CROSS JOIN unnest(sample.search) AS item CROSS JOIN whole
WHERE whole.count >= %(least)s AND (SELECT max(content_hash) < %(below)s FROM lowest)
GROUP BY item.lexeme, whole.count
HAVING count(*) >= %(share)s * whole.count
