-- Turns what a person typed into tsqueries. Parameters: q. Result: any_words (tsquery as text: what snippets mark),
-- words (tsquery texts, each found and scored by itself), gathering (found by only), exact (tsquery as text or NULL),
-- phrase (in lower case, or NULL), speaker (a role or NULL).
-- A query that excludes or quotes (websearch_to_tsquery never raises) is taken by its word, as one. Else every lexeme
-- stands alone, of whole identifiers and of their parts, and rows that have all of them are gathered, however common
-- each is. (That tsquery cannot tell: a hyphen or an underscore makes it a phrase as quotes do.) One word may be a
-- definition's name, which has a lexeme of its own: `exact`. `phrase` is one quoted phrase, or a word that looks like
-- an identifier or a path: a text that contains it as it stands comes first. `speaker` is whose words are asked for:
-- "what did I say", "what did you suggest".
WITH typed AS (
    SELECT btrim(%(q)s) AS text, websearch_to_tsquery('english', %(q)s) AS strict
), lexeme AS (
    SELECT query_lexeme(item.lexeme) AS query
    FROM typed CROSS JOIN unnest(find_words(typed.text)) AS item
    ORDER BY length(item.lexeme) DESC, item.lexeme
    LIMIT 64
), known AS (
    SELECT *, text !~ '\s' AS is_one_word, text ~ '"[^"]+"|(^|\s)-[[:alnum:]]' AS is_strict
    FROM typed
)
SELECT CASE WHEN is_strict THEN strict::text
            ELSE coalesce((SELECT string_agg(query::text, ' | ') FROM lexeme), '') END AS any_words,
       CASE WHEN is_strict THEN ARRAY[strict::text]
            ELSE ARRAY(SELECT query::text FROM lexeme) END AS words,
       array_remove(ARRAY[CASE WHEN is_one_word THEN query_lexeme(name_lexeme(text))::text END,
                          CASE WHEN NOT is_strict AND strict::text <> '' THEN strict::text END], NULL) AS gathering,
       CASE WHEN is_one_word THEN query_lexeme(name_lexeme(text))::text END AS exact,
       CASE WHEN text ~ '^"[^"]+"$' THEN lower(btrim(text, '"'))
            WHEN is_one_word AND text ~ '[[:alnum:]][_./:#-]+[[:alnum:]]|[[:lower:]][[:upper:]]'
            THEN lower(text) END AS phrase,
       CASE WHEN text ~* '\m(did|had|have) you\M' THEN 'assistant'
            WHEN text ~* '\myou(''ve)? (advised|explained|proposed|recommended|said|suggested|told|wrote)\M'
            THEN 'assistant'
            WHEN text ~* '\m(i|me|my|mine)\M' THEN 'user' END AS speaker
FROM known
