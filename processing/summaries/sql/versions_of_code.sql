-- The present fingerprint of what summaries of code rest on: its text, what it defines, and the memories that
-- are linked to it, of a file to all of its definitions. Parameters: arrays of one length: objects, visibilities, authors (of the summary);
-- most (memories). Result: place (in the arrays, from 1), version.
-- Who reads is said here and not left to row-level security: the fingerprint is the same for all who may ask for it.
SELECT asked.place, md5(concat_ws(
    ' ', CASE WHEN object.kind = 'file' THEN file.blob_hash ELSE object.content_hash END,
    md5(object.docstring), inside.names, talk.said))
FROM unnest(%(objects)s::uuid[], %(visibilities)s::text[], %(authors)s::uuid[])
    WITH ORDINALITY AS asked (id, visibility, author_id, place)
JOIN processing_codeobject AS object ON object.id = asked.id
JOIN processing_codefile AS file ON file.id = object.file_id
CROSS JOIN LATERAL (
    SELECT string_agg(part.name, ' ' ORDER BY part.start_line, part.uid) AS names
    FROM processing_codeobject AS part
    WHERE object.kind <> 'file' AND part.file_id = object.file_id AND part.id <> object.id
      AND part.start_line >= object.start_line AND part.end_line <= object.end_line
) AS inside
CROSS JOIN LATERAL (
    SELECT string_agg(linked.id::text || linked.updated_at::text, ' ' ORDER BY linked.id) AS said
    FROM (
        SELECT DISTINCT memory.id, memory.updated_at
        FROM processing_codeobject AS part
        JOIN processing_memorylink AS link ON link.code_object_id = part.id
        JOIN processing_memory AS memory ON memory.id = link.memory_id
        WHERE part.file_id = object.file_id AND (object.kind = 'file' OR part.id = object.id)
          AND (memory.visibility = 'workspace'
               OR (asked.visibility = 'private' AND memory.author_id = asked.author_id))
        ORDER BY memory.id DESC
        LIMIT %(most)s
    ) AS linked
) AS talk
