-- Turns what a person typed into two queries. Parameters: q. Result: any_words, all_words (tsquery as text).
-- `all_words` understands quotes, or and minus (websearch_to_tsquery never raises). `any_words` asks for any of the
-- words, stemmed and as they stand, split from identifiers too; a query that excludes or quotes is taken by its word.
WITH strict AS (
    SELECT websearch_to_tsquery('english', %(q)s) AS query
), word AS (
    SELECT DISTINCT word FROM regexp_split_to_table(lower(split_identifiers(%(q)s)), '\s+') AS word
    WHERE to_tsvector('english', word) <> ''::tsvector  -- drops stop words, which `simple` keeps
    LIMIT 200
), split AS (
    SELECT coalesce(string_agg(plainto_tsquery('simple', word)::text, ' | '), '')::tsquery AS query FROM word
)
SELECT CASE
           WHEN strict.query::text ~ '[!<]' THEN strict.query
           ELSE strict.query || split.query
                || replace(plainto_tsquery('english', %(q)s)::text, ' & ', ' | ')::tsquery
       END::text AS any_words,
       strict.query::text AS all_words
FROM strict, split
