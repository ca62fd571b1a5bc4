-- Queues texts that no vector of the model stands for. Parameters: workspace, model, asked (the model as rows name
-- it, '' for the active one), most. Result: row count.
-- A text that the model refused, that waits already or is blank is left alone.
INSERT INTO embed_queue (id, workspace_id, status, priority, attempts, subject_kind, subject_id, model)
SELECT uuidv7(), %(workspace)s, 'pending', 10, 0, subject.kind, subject.id, %(asked)s
FROM (
    SELECT 'memory' AS kind, id, content_hash, processing_status FROM processing_memory WHERE content ~ '\S'
    UNION ALL
    SELECT 'code', id, content_hash, processing_status FROM processing_codeobject
    UNION ALL
    SELECT 'summary', id, content_hash, processing_status FROM processing_summary WHERE content ~ '\S'
) AS subject
WHERE (%(asked)s <> '' OR subject.processing_status <> 'failed') AND NOT EXISTS (
    SELECT FROM processing_embedding AS embedding
    WHERE embedding.workspace_id = %(workspace)s AND embedding.model = %(model)s
      AND embedding.subject_kind = subject.kind AND embedding.source_hash = subject.content_hash
) AND NOT EXISTS (
    SELECT FROM embed_queue AS waiting
    WHERE waiting.workspace_id = %(workspace)s AND waiting.subject_id = subject.id AND waiting.model = %(asked)s
      AND (waiting.status IN ('pending', 'processing') OR (waiting.status = 'dead' AND %(asked)s <> ''))
)
LIMIT %(most)s
