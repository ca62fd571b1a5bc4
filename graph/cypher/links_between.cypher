// Every edge of one type between living nodes of the projects.
// DISTINCT keeps Neo4j from beginning at the edges of every workspace.
// Parameters: workspace, projects, limit. Result: rows (source, target), at most $limit.
UNWIND $projects AS project
MATCH (n:Entity {workspace: $workspace, project: project})
WHERE n.owner IS NOT NULL AND n.deletedAt IS NULL
WITH DISTINCT n, project
MATCH (n)-[r:EdgeType]->(m)
WHERE m.project = project AND m.deletedAt IS NULL
RETURN n.uid AS source, m.uid AS target
LIMIT $limit
