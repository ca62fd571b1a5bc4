-- Make the newest accepted revisions due again whose facts another version of the parser made. Parameters: workspace,
-- version. Result: row count. A revision that waits, is in work or is dead is left alone.
UPDATE code_queue AS revision
SET status = 'pending', priority = 10, attempts = 0, run_after = now(), due_since = now(), processed_at = NULL
FROM graph_graphfile AS file
JOIN ingest_pathhead AS head ON head.project_id = file.project_id AND head.path = file.path
WHERE file.workspace_id = %(workspace)s AND file.facts IS NOT NULL AND file.parser_version <> %(version)s
  AND revision.workspace_id = %(workspace)s AND revision.project_id = head.project_id
  AND revision.path = head.path AND revision.revision = head.revision AND revision.status = 'completed'
