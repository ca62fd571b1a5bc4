-- Hybrid search. The placeholder takes visible_memories.sql or visible_code.sql, with that statement's filters.
-- Parameters besides: subject_kind, model, vector (NULL: text only), any_words, all_words, candidates, size,
-- after_score, after_id. Result: id, score, vector_rank, distance, text_rank, text_score, chunk_start, chunk_end;
-- best first. Filters stand inside both candidate lists, never after their LIMIT. Fusion: reciprocal ranks,
-- 1 / (60 + rank). The exact scan orders by `distance + 0`, which no index answers; a workspace of some tens of
-- thousands of rows is scanned in milliseconds, and row-level security keeps the scan inside it.
WITH visible AS NOT MATERIALIZED (
    {visible}
), nearest AS (
    SELECT DISTINCT ON (visible.id) visible.id, embedding.vector <=> %(vector)s::vector AS distance,
           embedding.start AS chunk_start, embedding."end" AS chunk_end
    FROM visible
    JOIN processing_embedding AS embedding
      ON embedding.source_hash = visible.content_hash
     AND embedding.subject_kind = %(subject_kind)s AND embedding.model = %(model)s
    WHERE %(vector)s::vector IS NOT NULL
    ORDER BY visible.id, embedding.vector <=> %(vector)s::vector
), by_meaning AS (
    SELECT id, distance, chunk_start, chunk_end, row_number() OVER (ORDER BY distance, id) AS rank
    FROM nearest
    ORDER BY distance + 0, id
    LIMIT %(candidates)s
), matching AS (
    SELECT visible.id,
           ts_rank(visible.search, %(any_words)s::tsquery, 1)
           + CASE WHEN visible.search @@ %(all_words)s::tsquery THEN 1 ELSE 0 END AS text_score
    FROM visible
    WHERE visible.search @@ %(any_words)s::tsquery
    ORDER BY text_score DESC, visible.id
    LIMIT %(candidates)s
), by_words AS (
    SELECT id, text_score, row_number() OVER (ORDER BY text_score DESC, id) AS rank FROM matching
), fused AS (
    SELECT id,
           coalesce(1.0 / (60 + by_meaning.rank), 0) + coalesce(1.0 / (60 + by_words.rank), 0) AS score,
           by_meaning.rank AS vector_rank, by_meaning.distance,
           by_words.rank AS text_rank, by_words.text_score,
           by_meaning.chunk_start, by_meaning.chunk_end
    FROM by_meaning FULL OUTER JOIN by_words USING (id)
)
SELECT id, score::float8, vector_rank, distance, text_rank, text_score, chunk_start, chunk_end
FROM fused
WHERE %(after_score)s::float8 IS NULL OR (score::float8, id) < (%(after_score)s, %(after_id)s::uuid)
ORDER BY score DESC, id DESC
LIMIT %(size)s
