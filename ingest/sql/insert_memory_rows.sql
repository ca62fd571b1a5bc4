-- Store rows whose key is not there yet, in the order of their keys: two requests that overlap in different
-- order would else deadlock. Parameters: workspace, batch, author, visibility, project, session, format,
-- priority; arrays of one length: ids, keys, body_hashes, statuses, line_numbers, payloads.
-- Result: id of each row that was stored.
INSERT INTO memory_queue (
    id, workspace_id, batch_id, status, priority, attempts, processed_at,
    key, body_hash, format, session_key, project_id, author_id, visibility, line_no, payload
)
SELECT
    item.id, %(workspace)s, %(batch)s, item.status, %(priority)s, 0,
    CASE WHEN item.status = 'completed' THEN clock_timestamp() END,
    item.key, item.body_hash, %(format)s, %(session)s, %(project)s, %(author)s, %(visibility)s,
    item.line_no, item.payload::jsonb
FROM unnest(
    %(ids)s::uuid[], %(keys)s::text[], %(body_hashes)s::text[], %(statuses)s::text[],
    %(line_numbers)s::integer[], %(payloads)s::text[]
) AS item (id, key, body_hash, status, line_no, payload)
ORDER BY item.key COLLATE "C"
ON CONFLICT (workspace_id, key) DO NOTHING
RETURNING id
