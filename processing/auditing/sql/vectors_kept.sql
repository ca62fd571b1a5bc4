-- Vectors of texts that no row holds now. They are kept on purpose: going back to a text costs nothing.
-- Parameters: workspace. Result: one row (vectors).
SELECT count(*)
FROM processing_embedding AS embedding
WHERE embedding.workspace_id = %(workspace)s AND NOT EXISTS (
    SELECT FROM processing_memory AS memory
    WHERE embedding.subject_kind = 'memory' AND memory.workspace_id = %(workspace)s
      AND memory.content_hash = embedding.source_hash
) AND NOT EXISTS (
    SELECT FROM processing_codeobject AS object
    WHERE embedding.subject_kind = 'code' AND object.workspace_id = %(workspace)s
      AND object.content_hash = embedding.source_hash
) AND NOT EXISTS (
    SELECT FROM processing_summary AS summary
    WHERE embedding.subject_kind = 'summary' AND summary.workspace_id = %(workspace)s
      AND summary.content_hash = embedding.source_hash
)
