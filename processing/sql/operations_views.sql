-- Views for people who look with psql. No parameters; run by the owner. Each is `security_invoker`, so row-level
-- security holds whoever reads: the owner sees every workspace, the application one. None shows content.
CREATE VIEW queue_rows WITH (security_invoker = true) AS
SELECT 'store_memory' AS stage, id, workspace_id, batch_id, status, priority, attempts, run_after, lease_until, error_code, error_detail,
    created_at, due_since, processed_at, discarded_at
FROM memory_queue
UNION ALL
SELECT 'store_code' AS stage, id, workspace_id, batch_id, status, priority, attempts, run_after, lease_until, error_code, error_detail,
    created_at, due_since, processed_at, discarded_at
FROM code_queue
UNION ALL
SELECT 'embed' AS stage, id, workspace_id, batch_id, status, priority, attempts, run_after, lease_until, error_code, error_detail,
    created_at, due_since, processed_at, discarded_at
FROM embed_queue
UNION ALL
SELECT 'graph_files' AS stage, id, workspace_id, batch_id, status, priority, attempts, run_after, lease_until, error_code, error_detail,
    created_at, due_since, processed_at, discarded_at
FROM graph_queue
UNION ALL
SELECT 'link_memories' AS stage, id, workspace_id, batch_id, status, priority, attempts, run_after, lease_until, error_code, error_detail,
    created_at, due_since, processed_at, discarded_at
FROM link_queue
UNION ALL
SELECT 'detect_patterns' AS stage, id, workspace_id, batch_id, status, priority, attempts, run_after, lease_until, error_code, error_detail,
    created_at, due_since, processed_at, discarded_at
FROM pattern_queue;

-- What has not ended, by stage and workspace. A branch a status: each reads its own partial index.
CREATE VIEW queue_depth WITH (security_invoker = true) AS
SELECT stage, workspace.slug AS workspace, status, priority, rows, oldest_due
FROM (
    SELECT stage, workspace_id, status, priority, count(*) AS rows,
        clock_timestamp() - min(greatest(run_after, due_since))
            FILTER (WHERE run_after <= clock_timestamp()) AS oldest_due
    FROM queue_rows WHERE status = 'pending' GROUP BY stage, workspace_id, status, priority
    UNION ALL
    SELECT stage, workspace_id, status, priority, count(*),
        clock_timestamp() - min(lease_until) FILTER (WHERE lease_until < clock_timestamp())
    FROM queue_rows WHERE status = 'processing' GROUP BY stage, workspace_id, status, priority
    UNION ALL
    SELECT stage, workspace_id, status, priority, count(*), NULL
    FROM queue_rows WHERE status = 'dead' AND discarded_at IS NULL GROUP BY stage, workspace_id, status, priority
) AS counted
JOIN workspaces_workspace AS workspace ON workspace.id = counted.workspace_id;

-- Dead rows that wait for a decision.
CREATE VIEW queue_dead_letters WITH (security_invoker = true) AS
SELECT stage, workspace.slug AS workspace, queue_rows.id, batch_id, error_code, error_detail, attempts,
    queue_rows.created_at, processed_at AS died_at
FROM queue_rows
JOIN workspaces_workspace AS workspace ON workspace.id = workspace_id
WHERE status = 'dead' AND discarded_at IS NULL;

-- Rows that ended in the last five minutes, and how long they took since their batch was accepted.
CREATE VIEW queue_pace WITH (security_invoker = true) AS
SELECT stage, workspace.slug AS workspace, count(*) AS completed,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY taken) AS median, max(taken) AS slowest
FROM (
    SELECT stage, workspace_id,
        processed_at - coalesce(uuid_extract_timestamp(batch_id), created_at) AS taken
    FROM queue_rows WHERE status = 'completed' AND processed_at > now() - interval '5 minutes'
) AS ended
JOIN workspaces_workspace AS workspace ON workspace.id = workspace_id
GROUP BY stage, workspace.slug;

-- How far each batch is, over every stage that its items pass.
CREATE VIEW batch_progress WITH (security_invoker = true) AS
SELECT batch.id AS batch, workspace.slug AS workspace, batch.kind, batch.created_at, received, new, duplicate,
    rejected, rows.stage, rows.pending, rows.processing, rows.completed, rows.dead
FROM ingest_batch AS batch
JOIN workspaces_workspace AS workspace ON workspace.id = batch.workspace_id
LEFT JOIN LATERAL (
    SELECT stage,
        count(*) FILTER (WHERE status = 'pending') AS pending,
        count(*) FILTER (WHERE status = 'processing') AS processing,
        count(*) FILTER (WHERE status = 'completed') AS completed,
        count(*) FILTER (WHERE status = 'dead') AS dead
    FROM queue_rows WHERE batch_id = batch.id AND queue_rows.workspace_id = batch.workspace_id
    GROUP BY stage
) AS rows ON true;

-- Where the disk goes: a table with its indexes and its long values.
CREATE VIEW table_sizes WITH (security_invoker = true) AS
SELECT relname::text AS table_name, greatest(reltuples, 0)::bigint AS rows_estimated,
    pg_table_size(oid) AS table_bytes, pg_indexes_size(oid) AS index_bytes, pg_total_relation_size(oid) AS bytes
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace;
