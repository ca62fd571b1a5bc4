-- Bring dead rows back. Parameters: ids. Result: id and the error they had died of; rows not dead are skipped.
WITH dead AS MATERIALIZED (
    SELECT id, error_code FROM {table}
    WHERE id = ANY(%(ids)s) AND status = 'dead' AND discarded_at IS NULL
    FOR UPDATE
)
UPDATE {table} AS item
SET status = 'pending', attempts = 0, run_after = clock_timestamp(), due_since = clock_timestamp(),
    processed_at = NULL
FROM dead
WHERE item.id = dead.id
RETURNING item.id, dead.error_code
