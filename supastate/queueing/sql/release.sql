-- Give a row back whose attempt does not count: an outage or a limit, not the row, ended it. Nothing is kept of it
-- but the last reason, since an outage makes many. Parameters: id, token, delay (seconds), error_code,
-- error_detail. Result: row count.
UPDATE {table}
SET status = 'pending', run_after = clock_timestamp() + make_interval(secs => %(delay)s),
    attempts = greatest(attempts - 1, 0), lease_token = NULL, lease_until = NULL,
    error_code = %(error_code)s, error_detail = %(error_detail)s
WHERE id = %(id)s AND lease_token = %(token)s
