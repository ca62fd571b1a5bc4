-- Code objects that pass the filters. Parameters: projects, authors, languages, kinds (arrays or NULL); paths,
-- more_paths (arrays of LIKE patterns or NULL, for lines; one of each array must fit); since, until (when the file
-- changed); newest_id (ids from there on came later).
-- Result: id, content_hash, search, content, same_text, wire_id (as answers name it), speaker (code has none), moment.
SELECT object.id, object.content_hash, object.search, object.content, object.same_text, object.uid AS wire_id,
       NULL AS speaker, coalesce(file.last_modified, file.updated_at) AS moment
FROM processing_codeobject AS object
JOIN processing_codefile AS file ON file.id = object.file_id
WHERE (%(projects)s::uuid[] IS NULL OR object.project_id = ANY(%(projects)s))
  AND (%(authors)s::uuid[] IS NULL OR object.author_id = ANY(%(authors)s))
  AND (%(languages)s::text[] IS NULL OR file.language = ANY(%(languages)s))
  AND (%(kinds)s::text[] IS NULL OR object.kind = ANY(%(kinds)s))
  AND (%(paths)s::text[] IS NULL OR E'\n' || file.path || E'\n' LIKE ANY(%(paths)s))
  AND (%(more_paths)s::text[] IS NULL OR E'\n' || file.path || E'\n' LIKE ANY(%(more_paths)s))
  AND (%(since)s::timestamptz IS NULL OR coalesce(file.last_modified, file.updated_at) >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR coalesce(file.last_modified, file.updated_at) < %(until)s)
  AND (%(newest_id)s::uuid IS NULL OR object.id < %(newest_id)s)
