-- The view of all queue rows (operations_views.sql), with those of summaries. No parameters; run by the owner.
CREATE OR REPLACE VIEW queue_rows WITH (security_invoker = true) AS
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
FROM pattern_queue
UNION ALL
SELECT 'summarise' AS stage, id, workspace_id, batch_id, status, priority, attempts, run_after, lease_until, error_code, error_detail,
    created_at, due_since, processed_at, discarded_at
FROM summary_queue;
