-- Keep vectors that are not there yet. Parameters: workspace, model, dimensions, vectors (real[]: one after the
-- other); arrays of one length: kinds, hashes, chunk_numbers, starts, ends. No result.
INSERT INTO processing_embedding (
    id, workspace_id, subject_kind, model, source_hash, chunk_no, start, "end", vector, created_at
)
SELECT
    uuidv7(), %(workspace)s, item.kind, %(model)s, item.hash, item.chunk_no, item.start, item.stop,
    (%(vectors)s::real[])[(item.place - 1) * %(dimensions)s + 1 : item.place * %(dimensions)s]::halfvec,
    clock_timestamp()
FROM unnest(
    %(kinds)s::text[], %(hashes)s::text[], %(chunk_numbers)s::integer[], %(starts)s::integer[], %(ends)s::integer[]
) WITH ORDINALITY AS item (kind, hash, chunk_no, start, stop, place)
ON CONFLICT (workspace_id, subject_kind, model, source_hash, chunk_no) DO NOTHING
