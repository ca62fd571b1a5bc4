-- Note paths that a full sync names. Parameters: workspace, sync; arrays of one length: ids, paths.
INSERT INTO ingest_fullsyncpath (id, workspace_id, full_sync_id, path)
SELECT item.id, %(workspace)s, %(sync)s, item.path
FROM unnest(%(ids)s::uuid[], %(paths)s::text[]) AS item (id, path)
ON CONFLICT (full_sync_id, path) DO NOTHING
