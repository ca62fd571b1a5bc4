-- Asks for the links of memories. Parameters: workspace, memory_ids. No result.
-- A memory that waits already is not asked for again. That row is locked until this transaction ends, so that
-- whoever claims it sees what this one did; a row that is being claimed counts for nothing.
WITH waiting AS MATERIALIZED (
    SELECT memory_id FROM link_queue
    WHERE workspace_id = %(workspace)s AND status = 'pending' AND memory_id = ANY(%(memory_ids)s)
    FOR SHARE SKIP LOCKED
)
INSERT INTO link_queue (id, workspace_id, status, priority, attempts, memory_id)
SELECT uuidv7(), %(workspace)s, 'pending', 10, 0, asked.id
FROM unnest(%(memory_ids)s::uuid[]) AS asked (id)
WHERE asked.id NOT IN (SELECT memory_id FROM waiting)
