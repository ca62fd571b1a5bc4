-- Vectors of the active model that cannot be right: another dimension, an empty span, or one past the text's end.
-- Parameters: workspace, model, dimensions. Result: one row (violations, up to five ids).
WITH subject AS (
    SELECT 'memory' AS kind, content_hash, length(content) AS characters
    FROM processing_memory WHERE workspace_id = %(workspace)s
    UNION
    SELECT 'code', content_hash, length(qualified_name) + 1 + length(content)
    FROM processing_codeobject WHERE workspace_id = %(workspace)s
    UNION
    SELECT 'summary', content_hash, length(content)
    FROM processing_summary WHERE workspace_id = %(workspace)s
)
SELECT count(*), (array_agg(embedding.id::text ORDER BY embedding.id))[1:5]
FROM processing_embedding AS embedding
LEFT JOIN subject ON subject.kind = embedding.subject_kind AND subject.content_hash = embedding.source_hash
WHERE embedding.workspace_id = %(workspace)s AND embedding.model = %(model)s
  AND (vector_dims(embedding.vector) <> %(dimensions)s OR embedding."start" >= embedding."end"
       OR embedding."end" > subject.characters)
