-- Rows by status. Parameters: workspace, batch (NULL for all). Result: status, count.
SELECT status, count(*) FROM {table}
WHERE workspace_id = %(workspace)s AND (%(batch)s::uuid IS NULL OR batch_id = %(batch)s)
GROUP BY status
