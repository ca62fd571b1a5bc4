-- How far the clock was ahead that the store stage wrote memories by. Parameters: session. Result: seconds.
SELECT avg(extract(epoch FROM memory.created_at - accepted.processed_at))
FROM processing_memory AS memory
JOIN memory_queue AS accepted ON accepted.id = memory.source_id
WHERE accepted.session_key = %(session)s
