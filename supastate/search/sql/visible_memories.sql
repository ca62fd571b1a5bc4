-- Memories that pass the filters. Parameters: projects, sessions, authors, roles, without (arrays or NULL); paths,
-- more_paths (arrays of LIKE patterns or NULL, for lines; one of each array must fit); since, until; newest_id (ids
-- from there on came later).
-- Result: id, content_hash, search, content, same_text, wire_id (as answers name it), speaker, moment.
SELECT id, content_hash, search, content, same_text, id::text AS wire_id, role AS speaker, occurred_at AS moment
FROM processing_memory
WHERE (%(projects)s::uuid[] IS NULL OR project_id = ANY(%(projects)s))
  AND (%(sessions)s::uuid[] IS NULL OR session_id = ANY(%(sessions)s))
  AND (%(authors)s::uuid[] IS NULL OR author_id = ANY(%(authors)s))
  AND (%(roles)s::text[] IS NULL OR role = ANY(%(roles)s))
  AND (%(paths)s::text[] IS NULL OR E'\n' || array_to_string(file_paths, E'\n') || E'\n' LIKE ANY(%(paths)s))
  AND (%(more_paths)s::text[] IS NULL
       OR E'\n' || array_to_string(file_paths, E'\n') || E'\n' LIKE ANY(%(more_paths)s))
  AND (%(since)s::timestamptz IS NULL OR occurred_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR occurred_at < %(until)s)
  AND (%(without)s::uuid[] IS NULL OR id <> ALL(%(without)s))
  AND (%(newest_id)s::uuid IS NULL OR id < %(newest_id)s)
