-- The last change that a checkout made to each path. Parameters: project, checkout, paths. Result: path, id.
SELECT wanted.path, latest.id
FROM unnest(%(paths)s::text[]) AS wanted (path)
CROSS JOIN LATERAL (
    SELECT id FROM code_queue
    WHERE project_id = %(project)s AND path = wanted.path AND checkout_id = %(checkout)s
    ORDER BY revision DESC LIMIT 1
) AS latest
