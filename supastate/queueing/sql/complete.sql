-- Finish rows that are still ours. Parameters: ids, token. Result: row count.
UPDATE {table}
SET status = 'completed', processed_at = clock_timestamp(), lease_token = NULL, lease_until = NULL,
    error_code = '', error_detail = ''
WHERE id = ANY(%(ids)s) AND lease_token = %(token)s
