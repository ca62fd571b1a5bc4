-- Queue accepted changes. Parameters: workspace, project, checkout, priority; arrays of one length: ids, batches,
-- paths, revisions, authors, content_hashes, languages, last_modified, marks (joined by commas).
-- Result: row count.
INSERT INTO code_queue (
    id, workspace_id, batch_id, status, priority, attempts, project_id, checkout_id, author_id,
    path, revision, content_hash, language, last_modified, marks
)
SELECT
    item.id, %(workspace)s, item.batch_id, 'pending', %(priority)s, 0, %(project)s, %(checkout)s, item.author_id,
    item.path, item.revision, item.content_hash, item.language, item.last_modified,
    string_to_array(item.marks, ',')
FROM unnest(
    %(ids)s::uuid[], %(batches)s::uuid[], %(paths)s::text[], %(revisions)s::bigint[], %(authors)s::uuid[],
    %(content_hashes)s::text[], %(languages)s::text[], %(last_modified)s::timestamptz[], %(marks)s::text[]
) AS item (
    id, batch_id, path, revision, author_id, content_hash, language, last_modified, marks
)
