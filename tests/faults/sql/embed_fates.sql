-- What became of the embedding of a session's memories. Parameters: session.
-- Result: id of the accepted row, status, error_code, attempts.
SELECT memory.source_id::text, item.status, item.error_code, item.attempts
FROM embed_queue AS item
JOIN processing_memory AS memory ON memory.id = item.subject_id AND item.subject_kind = 'memory'
JOIN memory_queue AS accepted ON accepted.id = memory.source_id
WHERE accepted.session_key = %(session)s
