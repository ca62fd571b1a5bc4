-- COPY: memories whose vectors exist. The trigger makes hash and search vector.
COPY processing_memory (
    id, workspace_id, project_id, author_id, visibility, role, content, metadata, file_paths, occurred_at, created_at,
    updated_at, part_no, content_hash, processing_status
) FROM STDIN (FORMAT BINARY)
