-- End a row that cannot succeed, and keep how this attempt failed. Parameters: id, token, stage, error_code,
-- error_detail. Result: row count.
WITH buried AS (
    UPDATE {table}
    SET status = 'dead', processed_at = clock_timestamp(), lease_token = NULL, lease_until = NULL,
        error_code = %(error_code)s, error_detail = %(error_detail)s
    WHERE id = %(id)s AND lease_token = %(token)s
    RETURNING id, workspace_id, attempts, error_code, error_detail
)
INSERT INTO queueing_attempt (id, workspace_id, stage, row_id, number, error_code, error_detail, at)
SELECT uuidv7(), workspace_id, %(stage)s, id, attempts, error_code, error_detail, clock_timestamp() FROM buried
