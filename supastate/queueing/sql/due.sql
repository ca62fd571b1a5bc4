-- Workspaces with due rows. Parameters: most (counting stops there). Result: workspace_id, due, expired (each
-- expired row is claimed alone), whether an interactive row is due. The recursive part steps from workspace to workspace along the index, so the
-- cost grows with workspaces that have work and not with rows.
WITH RECURSIVE waiting AS (
    (SELECT workspace_id FROM {table} WHERE status = 'pending' ORDER BY workspace_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT workspace_id FROM {table}
        WHERE status = 'pending' AND workspace_id > waiting.workspace_id
        ORDER BY workspace_id LIMIT 1
    ) FROM waiting WHERE waiting.workspace_id IS NOT NULL
), leased AS (
    SELECT workspace_id, count(*) AS due FROM {table}
    WHERE status = 'processing' AND lease_until < clock_timestamp()
    GROUP BY workspace_id
), pending AS (
    SELECT waiting.workspace_id, counted.due, EXISTS (
        SELECT FROM {table}
        WHERE workspace_id = waiting.workspace_id AND status = 'pending' AND priority = 0
          AND run_after <= clock_timestamp()
    ) AS is_urgent
    FROM waiting
    CROSS JOIN LATERAL (
        SELECT count(*) AS due FROM (
            SELECT 1 FROM {table}
            WHERE workspace_id = waiting.workspace_id AND status = 'pending'
              AND run_after <= clock_timestamp()
            LIMIT %(most)s
        ) AS bounded
    ) AS counted
    WHERE waiting.workspace_id IS NOT NULL
)
SELECT workspace_id, coalesce(pending.due, 0) AS due, coalesce(leased.due, 0) AS expired,
    coalesce(is_urgent, false) AS is_urgent
FROM pending FULL JOIN leased USING (workspace_id)
WHERE coalesce(pending.due, 0) + coalesce(leased.due, 0) > 0
ORDER BY workspace_id
