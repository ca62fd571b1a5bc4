-- COPY: what was accepted, in its last state.
COPY bench_way_memory_queue (
    id, workspace_id, batch_id, status, priority, attempts, processed_at, key, body_hash, format, session_key,
    author_id, visibility, line_no, payload
) FROM STDIN (FORMAT BINARY)
