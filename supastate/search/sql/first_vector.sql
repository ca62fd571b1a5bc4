-- The vector of a text's beginning. Parameters: source_hash, model. Result: vector, as text.
SELECT vector::text FROM processing_embedding
WHERE source_hash = %(source_hash)s AND subject_kind = 'memory' AND model = %(model)s AND chunk_no = 0
