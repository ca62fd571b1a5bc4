-- Rows that wait for a model. Parameters: workspace, asked. Result: one row (rows).
SELECT count(*) FROM embed_queue
WHERE workspace_id = %(workspace)s AND status IN ('pending', 'processing') AND model = %(asked)s
