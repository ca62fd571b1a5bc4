-- COPY: memories, as they are once embedded but for what their trigger makes.
COPY bench_way_memory (
    id, workspace_id, author_id, visibility, role, content, metadata, file_paths, occurred_at, created_at,
    updated_at, batch_id, source_id, part_no, content_hash, processing_status
) FROM STDIN (FORMAT BINARY)
