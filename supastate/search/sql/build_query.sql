-- Turns what a person typed into two queries. Parameters: q. Result: any_words, all_words.
-- `all_words` understands quotes, or and minus (websearch_to_tsquery never raises); `any_words` asks for any of the
-- words, split from identifiers too, and never for one that was excluded.
SELECT CASE
           WHEN strict.query::text LIKE '%%!%%' OR strict.query::text LIKE '%%<%%' THEN strict.query
           ELSE strict.query
                || replace(plainto_tsquery('english', %(q)s)::text, ' & ', ' | ')::tsquery
                || replace(plainto_tsquery('simple', split_identifiers(%(q)s))::text, ' & ', ' | ')::tsquery
       END::text AS any_words,
       strict.query::text AS all_words
FROM (SELECT websearch_to_tsquery('english', %(q)s) AS query) AS strict
