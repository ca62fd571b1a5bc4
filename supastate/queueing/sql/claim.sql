-- Claim due rows. Parameters: workspace, token, lease_seconds, size, stage, urgent (interactive rows alone).
-- Result: ids, in the order of the work, each with whether it was taken over from a lease that expired.
-- A row whose lease expired is claimed alone: an item that kills its process then takes no neighbour along.
-- That its attempt ended without a word is kept.
-- MATERIALIZED: a nested-loop plan over a plain sub-select locks far more rows than asked for.
WITH expired AS MATERIALIZED (
    SELECT id, priority, attempts FROM {table}
    WHERE workspace_id = %(workspace)s AND status = 'processing' AND lease_until < clock_timestamp()
      AND NOT %(urgent)s
    ORDER BY lease_until, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
), due AS MATERIALIZED (
    SELECT id, priority FROM {table}
    WHERE workspace_id = %(workspace)s AND status = 'pending' AND run_after <= clock_timestamp()
      AND priority <= CASE WHEN %(urgent)s THEN 0 ELSE 32767 END
      AND NOT EXISTS (SELECT FROM expired)
    ORDER BY priority, id
    LIMIT %(size)s
    FOR UPDATE SKIP LOCKED
), chosen AS (
    SELECT id, priority FROM expired UNION ALL SELECT id, priority FROM due
), noted AS (
    INSERT INTO queueing_attempt (id, workspace_id, stage, row_id, number, error_code, error_detail, at)
    SELECT uuidv7(), %(workspace)s, %(stage)s, id, attempts, 'lease_expired',
        'The worker ended or stalled, or a claim of several failed as a whole.', clock_timestamp()
    FROM expired
), claimed AS (
    UPDATE {table} AS item
    SET status = 'processing', attempts = item.attempts + 1, lease_token = %(token)s,
        lease_until = clock_timestamp() + make_interval(secs => %(lease_seconds)s)
    FROM chosen
    WHERE item.id = chosen.id
    RETURNING item.id, item.priority
)
SELECT id, EXISTS (SELECT FROM expired) AS taken_over FROM claimed ORDER BY priority, id
