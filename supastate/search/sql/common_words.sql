-- The words that a large part of many texts has, told by those texts whose hashes are the lowest: hashes are in no
-- order. The placeholder takes a kind's visible_*.sql, with that statement's filters. Parameters besides: sampled (so
-- many texts), below (the last hash of the sample is below it where there are many texts), share (so many of the sample
-- have a common word). Result: word (tsquery text), share.
WITH sample AS MATERIALIZED (
    SELECT search, content_hash FROM ({visible}) AS visible ORDER BY content_hash LIMIT %(sampled)s
)
SELECT query_lexeme(item.lexeme)::text, count(*)::float8 / %(sampled)s AS share
FROM sample CROSS JOIN unnest(sample.search) AS item
WHERE (SELECT max(content_hash) < %(below)s FROM sample)
GROUP BY item.lexeme
HAVING count(*) >= %(share)s * %(sampled)s
