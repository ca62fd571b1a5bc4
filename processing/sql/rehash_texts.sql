-- Mends texts whose hash is not theirs: something wrote behind the triggers' back. Hash and search vector are made
-- anew, and the triggers queue the embedding. Parameters: none. Result: none.
UPDATE processing_memory
SET content_hash = hash_text(content), processing_status = 'pending',
    search = make_search_vector(array_to_string(file_paths, ' '), content)
WHERE content_hash <> hash_text(content);
UPDATE processing_codeobject SET processing_status = 'pending'
WHERE content_hash <> hash_text(qualified_name || E'\n' || content);
