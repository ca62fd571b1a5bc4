-- Lock the heads of paths in the order of the paths, new ones too, and count their revisions up.
-- Parameters: workspace, project; arrays of one length: ids (of new heads), paths, steps, content_hashes.
-- Result: path, newest revision.
INSERT INTO ingest_pathhead AS head (id, workspace_id, project_id, path, revision, content_hash)
SELECT item.id, %(workspace)s, %(project)s, item.path, item.steps, item.content_hash
FROM unnest(
    %(ids)s::uuid[], %(paths)s::text[], %(steps)s::bigint[], %(content_hashes)s::text[]
) AS item (id, path, steps, content_hash)
ORDER BY item.path COLLATE "C"
ON CONFLICT (project_id, path) DO UPDATE
SET revision = head.revision + excluded.revision, content_hash = excluded.content_hash
RETURNING head.path, head.revision
