-- The rows that a request of chunks becomes. Parameters: workspace, author; arrays of one length: ids, keys,
-- payloads. No result.
INSERT INTO bench_memory_queue (
    id, workspace_id, batch_id, status, priority, attempts, key, body_hash, format, session_key, author_id,
    visibility, line_no, payload
)
SELECT item.id, %(workspace)s, %(workspace)s, 'pending', 0, 0, item.key, item.key, 'chunk', 'bench', %(author)s,
       'workspace', 0, item.payload::jsonb
FROM unnest(%(ids)s::uuid[], %(keys)s::text[], %(payloads)s::text[]) AS item (id, key, payload)
