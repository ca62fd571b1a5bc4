-- Vectors kept more than once. No parameters. Result: kind, model, hash, chunk.
SELECT subject_kind, model, source_hash, chunk_no
FROM processing_embedding
GROUP BY workspace_id, subject_kind, model, source_hash, chunk_no
HAVING count(*) > 1
