-- The effects of each accepted row of a session. Parameters: session.
-- Result: id of the row, its memories, vectors of its text, distinct chunks among them.
SELECT accepted.id::text, count(DISTINCT memory.id),
    count(DISTINCT embedding.id),
    count(DISTINCT (embedding.model, embedding.chunk_no)) FILTER (WHERE embedding.id IS NOT NULL)
FROM memory_queue AS accepted
LEFT JOIN processing_memory AS memory ON memory.source_id = accepted.id
LEFT JOIN processing_embedding AS embedding
    ON embedding.subject_kind = 'memory' AND embedding.source_hash = memory.content_hash
    AND embedding.workspace_id = memory.workspace_id
WHERE accepted.session_key = %(session)s
GROUP BY accepted.id
