-- A workspace's rows by status. Parameters: workspace. Result: status, count.
-- Each branch reads the index of its status and no row.
SELECT 'pending' AS status, count(*) FROM {table} WHERE workspace_id = %(workspace)s AND status = 'pending'
UNION ALL
SELECT 'processing', count(*) FROM {table} WHERE workspace_id = %(workspace)s AND status = 'processing'
UNION ALL
SELECT 'completed', count(*) FROM {table} WHERE workspace_id = %(workspace)s AND status = 'completed'
UNION ALL
SELECT 'dead', count(*) FROM {table} WHERE workspace_id = %(workspace)s AND status = 'dead'
