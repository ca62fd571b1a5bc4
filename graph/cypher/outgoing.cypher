// Nodes that an edge of one type leads to from any of $uids, without those already seen; each with every such edge.
// Parameters: workspace, uids, seen, limit. Result: rows (labels, properties, ways [[uid, edge properties]]), at most $limit.
UNWIND $uids AS uid
MATCH (n:Entity {workspace: $workspace, uid: uid})
WITH n, uid
MATCH (n)-[r:EdgeType]->(m)
WHERE m.workspace = $workspace AND NOT m.uid IN $seen
WITH m, collect([uid, properties(r)]) AS ways
RETURN labels(m) AS labels, properties(m) AS properties, ways
ORDER BY coalesce(m.qualifiedName, m.name, ''), m.uid
LIMIT $limit
