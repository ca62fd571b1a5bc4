-- Keep contents by their hash, in the order of the hashes. Parameters: workspace; arrays of one length: ids,
-- content_hashes, contents. Result: row count.
INSERT INTO ingest_codeblob (id, workspace_id, content_hash, content)
SELECT item.id, %(workspace)s, item.content_hash, item.content
FROM unnest(%(ids)s::uuid[], %(content_hashes)s::text[], %(contents)s::text[]) AS item (id, content_hash, content)
ORDER BY item.content_hash COLLATE "C"
ON CONFLICT (workspace_id, content_hash) DO NOTHING
