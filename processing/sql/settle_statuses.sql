-- Brings the status of texts in line with the workspace's choice: with embeddings no text is `text_only`, without
-- them every text is. Parameters: workspace, model (the active one), enabled, most (of each kind). Result: one row
-- (texts changed).
WITH stale_memory AS (
    SELECT id FROM processing_memory
    WHERE workspace_id = %(workspace)s AND (processing_status = 'text_only') = %(enabled)s
    LIMIT %(most)s
), stale_code AS (
    SELECT id FROM processing_codeobject
    WHERE workspace_id = %(workspace)s AND (processing_status = 'text_only') = %(enabled)s
    LIMIT %(most)s
), stale_summary AS (
    SELECT id FROM processing_summary
    WHERE workspace_id = %(workspace)s AND (processing_status = 'text_only') = %(enabled)s
    LIMIT %(most)s
), memory AS (
    UPDATE processing_memory AS subject
    SET processing_status = CASE
        WHEN NOT %(enabled)s THEN 'text_only'
        WHEN EXISTS (
            SELECT FROM processing_embedding AS embedding
            WHERE embedding.workspace_id = %(workspace)s AND embedding.model = %(model)s
              AND embedding.subject_kind = 'memory' AND embedding.source_hash = subject.content_hash
        ) THEN 'embedded'
        ELSE 'pending'
    END
    FROM stale_memory WHERE subject.id = stale_memory.id
    RETURNING subject.id
), code AS (
    UPDATE processing_codeobject AS subject
    SET processing_status = CASE
        WHEN NOT %(enabled)s THEN 'text_only'
        WHEN EXISTS (
            SELECT FROM processing_embedding AS embedding
            WHERE embedding.workspace_id = %(workspace)s AND embedding.model = %(model)s
              AND embedding.subject_kind = 'code' AND embedding.source_hash = subject.content_hash
        ) THEN 'embedded'
        ELSE 'pending'
    END
    FROM stale_code WHERE subject.id = stale_code.id
    RETURNING subject.id
), summary AS (
    UPDATE processing_summary AS subject
    SET processing_status = CASE
        WHEN NOT %(enabled)s THEN 'text_only'
        WHEN EXISTS (
            SELECT FROM processing_embedding AS embedding
            WHERE embedding.workspace_id = %(workspace)s AND embedding.model = %(model)s
              AND embedding.subject_kind = 'summary' AND embedding.source_hash = subject.content_hash
        ) THEN 'embedded'
        ELSE 'pending'
    END
    FROM stale_summary WHERE subject.id = stale_summary.id
    RETURNING subject.id
)
SELECT (SELECT count(*) FROM memory) + (SELECT count(*) FROM code) + (SELECT count(*) FROM summary)
