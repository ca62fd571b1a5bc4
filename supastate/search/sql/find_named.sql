-- Code that a query names: files by path or its end (with a line, the innermost definition there), definitions by
-- name or the end of their qualified name. Parameters: paths, lines (arrays of one length; a line may be NULL),
-- names (as name_key has them), qualified_names (of one length with names), projects (uuid[] or NULL), most.
-- Result: id of code objects; those that are named first come first, among equals the shortest path or name.
WITH in_files AS (
    SELECT object.id, wanted.place, length(file.path) AS length
    FROM unnest(%(paths)s::text[], %(lines)s::integer[]) WITH ORDINALITY AS wanted (path, line, place)
    JOIN processing_codefile AS file ON right('/' || file.path, length(wanted.path) + 1) = '/' || wanted.path
    CROSS JOIN LATERAL (
        SELECT inside.id FROM processing_codeobject AS inside
        WHERE inside.file_id = file.id
          AND (inside.kind = 'file' OR wanted.line BETWEEN inside.start_line AND inside.end_line)
        ORDER BY inside.kind = 'file', inside.end_line - inside.start_line, inside.id LIMIT 1) AS object
    WHERE %(projects)s::uuid[] IS NULL OR file.project_id = ANY(%(projects)s)
), by_name AS (
    SELECT object.id, wanted.place + cardinality(%(paths)s::text[]) AS place, length(object.qualified_name) AS length
    FROM unnest(%(names)s::text[], %(qualified_names)s::text[]) WITH ORDINALITY AS wanted (name, qualified_name, place)
    JOIN processing_codeobject AS object ON object.name_key = wanted.name
    WHERE right('.' || object.qualified_name, length(wanted.qualified_name) + 1) = '.' || wanted.qualified_name
      AND (%(projects)s::uuid[] IS NULL OR object.project_id = ANY(%(projects)s))
)
SELECT id FROM (SELECT * FROM in_files UNION ALL SELECT * FROM by_name) AS named
GROUP BY id
ORDER BY min(place), min(length), id
LIMIT %(most)s
