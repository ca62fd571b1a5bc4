-- The nearest of all visible texts, each by its nearest chunk. The placeholder takes a kind's visible_*.sql,
-- with that statement's filters. Parameters besides: subject_kind, model, vector, candidates.
-- Result: id, distance (cosine), chunk_start, chunk_end; the nearest first. Right whatever the filters leave.
SELECT id, distance, chunk_start, chunk_end
FROM (
    SELECT DISTINCT ON (visible.id)
        visible.id, embedding.vector <=> %(vector)s::halfvec AS distance,
        embedding.start AS chunk_start, embedding."end" AS chunk_end
    FROM ({visible}) AS visible
    JOIN processing_embedding AS embedding
      ON embedding.source_hash = visible.content_hash
     AND embedding.subject_kind = %(subject_kind)s AND embedding.model = %(model)s
    ORDER BY visible.id, distance
) AS nearest
ORDER BY distance, id
LIMIT %(candidates)s
