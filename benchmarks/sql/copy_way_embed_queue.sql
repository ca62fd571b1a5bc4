-- COPY: the embed stage's rows, in their last state.
COPY bench_way_embed_queue (
    id, workspace_id, batch_id, status, priority, attempts, processed_at, subject_kind, subject_id
) FROM STDIN (FORMAT BINARY)
