-- The rows that hold these keys. Parameters: workspace, keys. Result: key, id, body_hash.
SELECT key, id, body_hash FROM memory_queue WHERE workspace_id = %(workspace)s AND key = ANY(%(keys)s::text[])
