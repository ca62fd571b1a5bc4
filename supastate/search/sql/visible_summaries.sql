-- Summaries that pass the filters. Parameters: projects, sessions, authors (arrays or NULL; the author of a session
-- or of the code); paths, more_paths (arrays of LIKE patterns or NULL, for lines; one of each array must fit the file
-- of the code); since, until; newest_id (ids from there on came later).
-- Result: id, content_hash, search, content, same_text, wire_id (as answers name it), speaker (it has none), moment.
-- Of a session's two summaries its author reads the own one.
SELECT summary.id, summary.content_hash, summary.search, summary.content, summary.same_text,
       summary.id::text AS wire_id, NULL AS speaker, summary.moment
FROM processing_summary AS summary
WHERE summary.content <> ''
  AND (%(projects)s::uuid[] IS NULL OR summary.project_id = ANY(%(projects)s))
  AND (%(sessions)s::uuid[] IS NULL OR summary.session_id = ANY(%(sessions)s))
  AND (%(authors)s::uuid[] IS NULL OR summary.author_id = ANY(%(authors)s))
  AND (%(paths)s::text[] IS NULL OR E'\n' || summary.path || E'\n' LIKE ANY(%(paths)s))
  AND (%(more_paths)s::text[] IS NULL OR E'\n' || summary.path || E'\n' LIKE ANY(%(more_paths)s))
  AND (%(since)s::timestamptz IS NULL OR summary.moment >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR summary.moment < %(until)s)
  AND (%(newest_id)s::uuid IS NULL OR summary.id < %(newest_id)s)
  AND (summary.visibility = 'private' OR NOT EXISTS (
      SELECT FROM processing_summary AS own
      WHERE own.workspace_id = summary.workspace_id AND own.kind = summary.kind AND own.subject = summary.subject
        AND own.visibility = 'private'))
