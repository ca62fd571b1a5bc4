// A page of a project: nodes in order of uid, each with its outgoing edges.
// Parameters: workspace, project, after (uid, '' at first), limit. Result: rows (uid, labels, properties, edges [[type, uid, properties]]).
MATCH (n:Entity {workspace: $workspace, project: $project})
WHERE n.owner IS NOT NULL AND n.uid > $after
WITH n
ORDER BY n.uid
LIMIT $limit
OPTIONAL MATCH (n)-[r]->(m:Entity)
RETURN n.uid AS uid, labels(n) AS labels, properties(n) AS properties,
       collect([type(r), m.uid, properties(r)]) AS edges
ORDER BY uid
