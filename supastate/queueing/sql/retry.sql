-- Give a row back after a failed attempt, and keep how it failed. Parameters: id, token, stage, delay (seconds),
-- error_code, error_detail. Result: row count.
WITH failed AS (
    UPDATE {table}
    SET status = 'pending', run_after = clock_timestamp() + make_interval(secs => %(delay)s),
        lease_token = NULL, lease_until = NULL,
        error_code = %(error_code)s, error_detail = %(error_detail)s
    WHERE id = %(id)s AND lease_token = %(token)s
    RETURNING id, workspace_id, attempts, error_code, error_detail
)
INSERT INTO queueing_attempt (id, workspace_id, stage, row_id, number, error_code, error_detail, at)
SELECT uuidv7(), workspace_id, %(stage)s, id, attempts, error_code, error_detail, clock_timestamp() FROM failed
