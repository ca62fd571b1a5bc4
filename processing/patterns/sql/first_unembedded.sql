-- The first memory that waits for its vector by the active model. Parameters: workspace. Result: its id, or NULL.
SELECT min(subject_id::text)::uuid AS id FROM embed_queue
WHERE workspace_id = %(workspace)s AND status IN ('pending', 'processing') AND subject_kind = 'memory' AND model = ''
