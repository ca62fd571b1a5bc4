-- Rows of the memory queue as if accepted in the last minute, or completed over the last ten days.
-- Parameters: workspace, status, count. No result.
INSERT INTO memory_queue (
    id, workspace_id, batch_id, status, priority, attempts, processed_at, key, body_hash, format, session_key,
    author_id, visibility, line_no, payload
)
SELECT uuidv7(), %(workspace)s, uuidv7(), %(status)s::text, 0, 0,
    CASE WHEN %(status)s::text = 'completed' THEN now() - random() * interval '10 days' END,
    key.text, key.text, 'chunk', 'bench', author.id, 'workspace', 0,
    jsonb_build_object('content', repeat(key.text || ' ', 4))
FROM (
    SELECT encode(sha256(uuidv7()::text::bytea), 'hex') AS text FROM generate_series(1, %(count)s::int)
) AS key
CROSS JOIN (SELECT id FROM workspaces_user LIMIT 1) AS author
