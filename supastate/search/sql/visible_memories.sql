-- Memories that pass the filters. Parameters: projects, sessions, roles, paths, without (arrays or NULL), since, until.
-- Result: id, content_hash, search, content, wire_id (as answers name it), speaker, moment.
SELECT id, content_hash, search, content, id::text AS wire_id, role AS speaker, occurred_at AS moment
FROM processing_memory
WHERE (%(projects)s::uuid[] IS NULL OR project_id = ANY(%(projects)s))
  AND (%(sessions)s::uuid[] IS NULL OR session_id = ANY(%(sessions)s))
  AND (%(roles)s::text[] IS NULL OR role = ANY(%(roles)s))
  AND (%(paths)s::text[] IS NULL OR file_paths && %(paths)s::varchar[])
  AND (%(since)s::timestamptz IS NULL OR occurred_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR occurred_at < %(until)s)
  AND (%(without)s::uuid[] IS NULL OR id <> ALL(%(without)s))
