-- Rows not completed, by workspace, status and last error. Parameters: workspace (NULL for all).
-- Result: workspace_id, status, error_code, rows, seconds since the oldest due one fell due (NULL for none).
-- Three branches: each reads its own partial index, and none touches a completed row.
SELECT workspace_id, 'pending' AS status, error_code, count(*) AS rows,
    extract(epoch FROM clock_timestamp() - min(greatest(run_after, due_since))
        FILTER (WHERE run_after <= clock_timestamp())) AS oldest_due
FROM {table}
WHERE status = 'pending' AND (%(workspace)s::uuid IS NULL OR workspace_id = %(workspace)s::uuid)
GROUP BY workspace_id, error_code
UNION ALL
SELECT workspace_id, 'processing', '', count(*),
    extract(epoch FROM clock_timestamp() - min(lease_until) FILTER (WHERE lease_until < clock_timestamp()))
FROM {table}
WHERE status = 'processing' AND (%(workspace)s::uuid IS NULL OR workspace_id = %(workspace)s::uuid)
GROUP BY workspace_id
UNION ALL
SELECT workspace_id, 'dead', error_code, count(*), NULL
FROM {table}
WHERE status = 'dead' AND discarded_at IS NULL
  AND (%(workspace)s::uuid IS NULL OR workspace_id = %(workspace)s::uuid)
GROUP BY workspace_id, error_code
