-- Chunks with more than one vector of a model. Parameters: workspace. Result: one row (violations, up to five).
SELECT count(*), (array_agg(subject_kind || ' ' || source_hash || ' #' || chunk_no))[1:5]
FROM (
    SELECT subject_kind, source_hash, chunk_no
    FROM processing_embedding
    WHERE workspace_id = %(workspace)s
    GROUP BY subject_kind, model, source_hash, chunk_no
    HAVING count(*) > 1
) AS repeated
