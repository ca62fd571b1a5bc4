-- COPY: one vector for each memory.
COPY processing_embedding (
    id, workspace_id, subject_kind, model, source_hash, chunk_no, start, "end", vector, created_at
) FROM STDIN (FORMAT BINARY)
