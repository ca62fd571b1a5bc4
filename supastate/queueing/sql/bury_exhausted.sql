-- Bury rows that ended their process on every attempt. Parameters: workspace, max_attempts, stage. Result: row count.
WITH buried AS (
    UPDATE {table}
    SET status = 'dead', processed_at = clock_timestamp(), lease_token = NULL, lease_until = NULL,
        error_code = 'lease_expired',
        error_detail = 'The worker ended or stalled on every attempt at this item.'
    WHERE workspace_id = %(workspace)s AND status = 'processing'
      AND lease_until < clock_timestamp() AND attempts >= %(max_attempts)s
    RETURNING id, workspace_id, attempts, error_code, error_detail
)
INSERT INTO queueing_attempt (id, workspace_id, stage, row_id, number, error_code, error_detail, at)
SELECT uuidv7(), workspace_id, %(stage)s, id, attempts, error_code, error_detail, clock_timestamp() FROM buried
