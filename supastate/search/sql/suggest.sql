-- What a text that is being typed may mean. Parameters: text; key, end (bounds of name_key: from key on, before end);
-- words (text, '' to look at beginnings alone); qualified (key, '' if it names no owner); sessions (how many of the
-- newest are looked at), matches (how many definitions of a word are looked at), most.
-- Result: kind, text, id, detail; the kinds in turn, best first.
WITH RECURSIVE beginning AS (
    (SELECT name_key, 1 AS place FROM processing_codeobject
     WHERE name_key >= %(key)s AND name_key < %(end)s ORDER BY name_key LIMIT 1)
    UNION ALL
    SELECT following.name_key, beginning.place + 1
    FROM beginning CROSS JOIN LATERAL (
        SELECT object.name_key FROM processing_codeobject AS object
        WHERE object.name_key > beginning.name_key AND object.name_key < %(end)s
        ORDER BY object.name_key LIMIT 1) AS following
    WHERE beginning.place < %(most)s
), inside AS (
    SELECT name_key, min(length(name_key)) AS length
    FROM (
        SELECT name_key FROM processing_codeobject
        WHERE search @@ (nullif(plainto_tsquery('simple', split_identifiers(%(words)s))::text, '') || ':*A')::tsquery
        LIMIT %(matches)s
    ) AS matching
    WHERE position(%(key)s IN name_key) > 1
    GROUP BY name_key
), named AS (
    SELECT name_key, place FROM beginning
    UNION ALL
    SELECT name_key, 1000 + row_number() OVER (ORDER BY length, name_key) FROM inside
), owned AS (
    SELECT kind, name, uid, qualified_name FROM processing_codeobject
    WHERE %(qualified)s <> '' AND kind <> 'file'
      AND search @@ (nullif(plainto_tsquery('english', split_identifiers(%(qualified)s))::text, '') || ':*')::tsquery
      AND position(%(qualified)s IN lower(qualified_name)) > 0
    LIMIT %(matches)s
), suggestion AS (
    (SELECT 'project' AS kind, name AS text, id::text AS id, identity AS detail,
            row_number() OVER (ORDER BY position(lower(%(text)s) IN lower(name)), name, id) AS place
     FROM workspaces_project WHERE position(lower(%(text)s) IN lower(name)) > 0
     LIMIT %(most)s)
    UNION ALL
    (SELECT CASE object.kind WHEN 'file' THEN 'file' ELSE 'entity' END, object.name, object.uid,
            CASE object.kind WHEN 'file' THEN object.signature ELSE object.qualified_name END,
            row_number() OVER (ORDER BY named.place)
     FROM (SELECT * FROM named ORDER BY place LIMIT %(most)s) AS named CROSS JOIN LATERAL (
        SELECT kind, name, uid, signature, qualified_name FROM processing_codeobject AS same
        WHERE same.name_key = named.name_key LIMIT 1) AS object)
    UNION ALL
    (SELECT 'entity', name, uid, qualified_name, row_number() OVER (ORDER BY length(qualified_name), qualified_name, uid)
     FROM owned
     LIMIT %(most)s)
    UNION ALL
    (SELECT 'file', file.path, object.uid, '', row_number() OVER (ORDER BY length(file.path), file.path)
     FROM (SELECT id, path FROM processing_codefile
           WHERE position('/' IN %(text)s) > 0 AND path ^@ %(text)s
           ORDER BY length(path), path LIMIT %(most)s) AS file
     CROSS JOIN LATERAL (
        SELECT uid FROM processing_codeobject AS own WHERE own.file_id = file.id AND own.kind = 'file' LIMIT 1) AS object)
    UNION ALL
    (SELECT 'session', title, id::text, key, row_number() OVER (ORDER BY ended_at DESC, id)
     FROM (SELECT id, title, key, ended_at FROM processing_session ORDER BY ended_at DESC LIMIT %(sessions)s) AS recent
     WHERE position(lower(%(text)s) IN lower(title)) > 0
     LIMIT %(most)s)
)
SELECT kind, text, id, detail FROM suggestion
ORDER BY place, array_position(ARRAY['project', 'entity', 'file', 'session'], kind), text, id
LIMIT %(most)s
