-- How many memories of a session have their vectors. Parameters: session (its key). Result: one number.
SELECT count(*)
FROM processing_memory AS memory
JOIN processing_session AS session ON session.id = memory.session_id
WHERE session.key = %(session)s AND memory.processing_status = 'embedded'
