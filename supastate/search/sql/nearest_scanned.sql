-- The nearest chunks of a workspace, found by comparing all of its vectors, and the visible texts that they are of.
-- Placeholder, parameters and result as in nearest_exact.sql; besides `scanned`, how many chunks are looked up. A text
-- may come several times, and texts may be missing if filters hide most of the chunks.
-- `+ 0` keeps every index out; the look-up goes on in the order of distance until enough are found.
SELECT visible.id, chunk.distance, chunk.start AS chunk_start, chunk."end" AS chunk_end
FROM (
    SELECT source_hash, start, "end", (vector <=> %(vector)s::halfvec) + 0 AS distance
    FROM processing_embedding
    WHERE subject_kind = %(subject_kind)s AND model = %(model)s
    ORDER BY distance
    LIMIT %(scanned)s
) AS chunk
JOIN ({visible}) AS visible ON visible.content_hash = chunk.source_hash
ORDER BY chunk.distance
LIMIT %(candidates)s
