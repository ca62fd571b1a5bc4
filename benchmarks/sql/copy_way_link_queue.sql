-- COPY: the link stage's rows, in their last state.
COPY bench_way_link_queue (
    id, workspace_id, batch_id, status, priority, attempts, processed_at, memory_id
) FROM STDIN (FORMAT BINARY)
