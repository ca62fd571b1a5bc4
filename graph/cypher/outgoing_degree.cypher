// Living nodes of some labels by how many edges of one type lead out of them, the most first.
// DISTINCT keeps Neo4j from beginning at the edges of every workspace.
// Parameters: workspace, projects, labels, offset, limit. Result: rows (labels, properties, degree), at most $limit.
UNWIND $projects AS project
MATCH (n:Entity {workspace: $workspace, project: project})
WHERE n.owner IS NOT NULL AND n.deletedAt IS NULL AND any(label IN labels(n) WHERE label IN $labels)
WITH DISTINCT n
MATCH (n)-[r:EdgeType]->(m)
WHERE m.deletedAt IS NULL
WITH n, count(r) AS degree
ORDER BY degree DESC, n.uid
SKIP $offset
LIMIT $limit
RETURN labels(n) AS labels, properties(n) AS properties, degree
