-- Queues texts that no vector of the model stands for. Parameters: workspace, model. Result: row count.
-- A text that failed, waits already or is blank is left alone.
INSERT INTO embed_queue (id, workspace_id, status, priority, attempts, subject_kind, subject_id)
SELECT uuidv7(), %(workspace)s, 'pending', 10, 0, subject.kind, subject.id
FROM (
    SELECT 'memory' AS kind, id, content_hash FROM processing_memory
    WHERE processing_status <> 'failed' AND content ~ '\S'
    UNION ALL
    SELECT 'code', id, content_hash FROM processing_codeobject WHERE processing_status <> 'failed'
) AS subject
WHERE NOT EXISTS (
    SELECT FROM processing_embedding AS embedding
    WHERE embedding.workspace_id = %(workspace)s AND embedding.model = %(model)s
      AND embedding.subject_kind = subject.kind AND embedding.source_hash = subject.content_hash
) AND NOT EXISTS (
    SELECT FROM embed_queue AS waiting
    WHERE waiting.workspace_id = %(workspace)s AND waiting.subject_id = subject.id
      AND waiting.status IN ('pending', 'processing')
)
