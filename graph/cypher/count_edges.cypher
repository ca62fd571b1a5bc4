// Edges that leave the nodes of a project.
// Parameters: workspace, project. Result: rows (type, total).
MATCH (n:Entity {workspace: $workspace, project: $project})-[r]->()
WHERE n.owner IS NOT NULL
RETURN type(r) AS type, count(*) AS total
