-- Snippets of texts with the matched words marked by \x02 and \x03. Parameters: texts (text[]), query (tsquery text).
-- Result: one headline for each text, in order.
SELECT ts_headline(
           'english', source.text, %(query)s::tsquery,
           'MaxFragments=2, MinWords=12, MaxWords=40, FragmentDelimiter= … , StartSel=' || chr(2) || ', StopSel=' || chr(3))
FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS source(text, position)
ORDER BY source.position
