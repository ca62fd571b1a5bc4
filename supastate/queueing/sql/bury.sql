-- End a row that cannot succeed. Parameters: id, token, error_code, error_detail. Result: row count.
UPDATE {table}
SET status = 'dead', processed_at = clock_timestamp(), lease_token = NULL, lease_until = NULL,
    error_code = %(error_code)s, error_detail = %(error_detail)s
WHERE id = %(id)s AND lease_token = %(token)s
