-- The memories that a summary quotes, held as they are until the transaction ends. Parameters: ids (uuid[]).
-- Result: id, content_hash, visibility.
SELECT id, content_hash, visibility FROM processing_memory WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR SHARE
