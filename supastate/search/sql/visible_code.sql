-- Code objects that pass the filters. Parameters: projects, languages, kinds, paths (arrays or NULL; a path is the
-- beginning of one). Result: id, content_hash, search, content, wire_id (as
-- answers name it); speaker and moment, which code has not.
SELECT object.id, object.content_hash, object.search, object.content, object.uid AS wire_id,
       NULL AS speaker, NULL::timestamptz AS moment
FROM processing_codeobject AS object
JOIN processing_codefile AS file ON file.id = object.file_id
WHERE (%(projects)s::uuid[] IS NULL OR object.project_id = ANY(%(projects)s))
  AND (%(languages)s::text[] IS NULL OR file.language = ANY(%(languages)s))
  AND (%(kinds)s::text[] IS NULL OR object.kind = ANY(%(kinds)s))
  AND (%(paths)s::text[] IS NULL OR file.path ^@ ANY(%(paths)s))
