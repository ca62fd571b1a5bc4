-- Rows in work longer than their lease and `grace` seconds. Parameters: workspace, grace.
-- Result: one row (violations, up to five ids).
SELECT count(*), (array_agg(id::text ORDER BY id))[1:5] FROM {table}
WHERE workspace_id = %(workspace)s AND status = 'processing'
  AND (lease_until IS NULL OR lease_until < clock_timestamp() - make_interval(secs => %(grace)s))
