-- The latest accepted version of each path among the other checkouts of the project that hold it; the heads are
-- locked by now, so nobody changes that. Parameters: workspace, project, checkout, paths.
-- Result: path, content_hash, author_id, language, last_modified, marks.
SELECT DISTINCT ON (held.path)
    held.path, held.content_hash, held.author_id,
    coalesce(accepted.language, ''), accepted.last_modified, coalesce(accepted.marks, '{}')
FROM ingest_checkoutpath AS held
JOIN workspaces_checkout AS checkout ON checkout.id = held.checkout_id AND checkout.project_id = %(project)s
LEFT JOIN code_queue AS accepted
    ON accepted.project_id = %(project)s AND accepted.path = held.path AND accepted.revision = held.revision
WHERE held.workspace_id = %(workspace)s AND held.path = ANY(%(paths)s::text[])
  AND held.checkout_id <> %(checkout)s
ORDER BY held.path, held.revision DESC
