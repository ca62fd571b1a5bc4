-- The nearest chunks by the model's index, and the visible texts that they are of. Placeholder, parameters and result as
-- in nearest_exact.sql; besides `dimensions`. A text may come several times, and texts may be missing: the index is
-- asked for more until there are enough or it has passed `hnsw.max_scan_tuples` (walk_index.sql), and its order is
-- nearly that of distance. The index is of one model and kind, so both stand in the statement as constants.
WITH walked AS MATERIALIZED (
    SELECT visible.id, chunk.distance, chunk.start AS chunk_start, chunk."end" AS chunk_end
    FROM (
        SELECT source_hash, start, "end", vector::halfvec(%(dimensions)s) <=> %(vector)s::halfvec AS distance
        FROM processing_embedding
        WHERE subject_kind = %(subject_kind)s AND model = %(model)s
        ORDER BY vector::halfvec(%(dimensions)s) <=> %(vector)s::halfvec
    ) AS chunk
    JOIN ({visible}) AS visible ON visible.content_hash = chunk.source_hash
    ORDER BY chunk.distance
    LIMIT %(candidates)s
)
SELECT id, distance, chunk_start, chunk_end FROM walked ORDER BY distance + 0, id
