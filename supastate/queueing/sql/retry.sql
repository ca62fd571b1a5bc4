-- Give a row back after a failed attempt. Parameters: id, token, delay (seconds), give_back (0 or 1 attempts),
-- error_code, error_detail. Result: row count.
UPDATE {table}
SET status = 'pending', run_after = clock_timestamp() + make_interval(secs => %(delay)s),
    attempts = greatest(attempts - %(give_back)s, 0), lease_token = NULL, lease_until = NULL,
    error_code = %(error_code)s, error_detail = %(error_detail)s
WHERE id = %(id)s AND lease_token = %(token)s
