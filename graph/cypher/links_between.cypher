// Every edge of one type between living nodes of the projects.
// Parameters: workspace, projects, limit. Result: rows (source, target), at most $limit.
UNWIND $projects AS project
MATCH (n:Entity {workspace: $workspace, project: project})-[r:EdgeType]->(m)
WHERE n.owner IS NOT NULL AND m.project = project AND n.deletedAt IS NULL AND m.deletedAt IS NULL
RETURN n.uid AS source, m.uid AS target
LIMIT $limit
