-- Mends texts whose hash is not theirs: something wrote behind the triggers' back. Hash and search vector are made
-- anew (of code by its trigger), and the triggers queue the embedding. Parameters: workspace; low, high: the part of
-- the texts whose kept hash is from low up to high (NULL: to the end). Result: one row (texts mended).
WITH memory AS (
    UPDATE processing_memory
    SET content_hash = hash_text(content), processing_status = 'pending',
        search = make_search_vector(array_to_string(file_paths, ' '), '', content)
    WHERE workspace_id = %(workspace)s AND content_hash >= %(low)s
      AND (%(high)s::text IS NULL OR content_hash < %(high)s)
      AND content_hash <> hash_text(content)
    RETURNING id
), code AS (
    UPDATE processing_codeobject SET processing_status = 'pending'
    WHERE workspace_id = %(workspace)s AND content_hash >= %(low)s
      AND (%(high)s::text IS NULL OR content_hash < %(high)s)
      AND content_hash <> hash_text(qualified_name || E'\n' || content)
    RETURNING id
)
SELECT (SELECT count(*) FROM memory) + (SELECT count(*) FROM code)
