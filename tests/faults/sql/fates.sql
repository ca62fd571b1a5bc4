-- What became of the accepted rows of a session. Parameters: session. Result: id, status, error_code, attempts.
SELECT id::text, status, error_code, attempts FROM memory_queue WHERE session_key = %(session)s
