-- Dead rows that do not say why. Parameters: workspace. Result: one row (violations, up to five ids).
SELECT count(*), (array_agg(id::text ORDER BY id))[1:5] FROM {table}
WHERE workspace_id = %(workspace)s AND status = 'dead' AND (error_code = '' OR error_detail = '')
