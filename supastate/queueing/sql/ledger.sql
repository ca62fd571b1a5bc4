-- A batch's rows by status. Parameters: workspace, batch. Result: status, count.
SELECT status, count(*) FROM {table}
WHERE workspace_id = %(workspace)s AND batch_id = %(batch)s
GROUP BY status
