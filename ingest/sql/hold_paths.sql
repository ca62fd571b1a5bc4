-- A checkout holds these contents now. Parameters: workspace, checkout, author, moment; arrays of one length:
-- ids (of new rows), paths, content_hashes, revisions. Result: row count.
INSERT INTO ingest_checkoutpath (
    id, workspace_id, checkout_id, path, content_hash, revision, author_id, accepted_at
)
SELECT item.id, %(workspace)s, %(checkout)s, item.path, item.content_hash, item.revision, %(author)s, %(moment)s
FROM unnest(
    %(ids)s::uuid[], %(paths)s::text[], %(content_hashes)s::text[], %(revisions)s::bigint[]
) AS item (id, path, content_hash, revision)
ON CONFLICT (checkout_id, path) DO UPDATE
SET content_hash = excluded.content_hash, revision = excluded.revision, author_id = excluded.author_id,
    accepted_at = excluded.accepted_at
