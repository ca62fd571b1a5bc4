-- Paths go back to what another checkout holds. Parameters: project; arrays of one length: paths,
-- content_hashes. Result: row count.
UPDATE ingest_pathhead AS head
SET content_hash = item.content_hash
FROM unnest(%(paths)s::text[], %(content_hashes)s::text[]) AS item (path, content_hash)
WHERE head.project_id = %(project)s AND head.path = item.path
