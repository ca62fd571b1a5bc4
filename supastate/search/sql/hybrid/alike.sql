-- A part of hybrid.sql: texts that say the same as another. It reads `boosted` (the candidates) and `visible`.
-- Parameters: subject_kind, model (NULL: no vectors), collapses, alike_from.
-- Result: same_text, said (the same for texts that say the same).
--
-- Of the 100 nearest by meaning those are compared whose one chunk is the whole text. Their vectors must be close, and
-- their words the same in the same order but for some that seldom say anything: a text and its opposite, or one with
-- two names exchanged, have closer vectors than two wordings. Vectors judge whether those words did say something.
WITH near AS MATERIALIZED (
    SELECT boosted.id, boosted.same_text, boosted.vector_rank AS rank, embedding.vector
    FROM boosted
    CROSS JOIN LATERAL (
        SELECT vector FROM processing_embedding
        WHERE source_hash = boosted.content_hash AND chunk_no = 0
          AND subject_kind = %(subject_kind)s AND model = %(model)s
        LIMIT 1) AS embedding  -- one look-up each: as a join it read all vectors of a small workspace
    WHERE boosted.vector_rank <= 100 AND %(collapses)s AND (
        SELECT true FROM processing_embedding
        WHERE source_hash = boosted.content_hash AND chunk_no = 1
          AND subject_kind = %(subject_kind)s AND model = %(model)s
        LIMIT 1) IS NULL
), close AS MATERIALIZED (
    SELECT one.id AS one_id, one.same_text AS one_text, other.id AS other_id, other.same_text AS other_text
    FROM near AS one
    JOIN near AS other ON other.rank < one.rank AND one.vector <=> other.vector <= 1 - %(alike_from)s::float8
), bared AS (
    SELECT one_text, regexp_replace(lower(one.content), filler, '', 'g') AS one_said,
           other_text, regexp_replace(lower(other.content), filler, '', 'g') AS other_said
    FROM close JOIN visible AS one ON one.id = one_id JOIN visible AS other ON other.id = other_id
    CROSS JOIN (VALUES (
        '\m(a|an|also|and|great|hello|hey|hi|hmm|just|oh|ok|okay|please|quite|really|so|thanks|that|the|then|total|totally'
        '|very|well)\M|[[:space:].,;:!?`*_#"''-]+')) AS word (filler)
)
SELECT DISTINCT ON (same_text) same_text, one_said AS said
FROM bared CROSS JOIN LATERAL (VALUES (one_text), (other_text)) AS either (same_text)
WHERE one_said = other_said
ORDER BY same_text, said
