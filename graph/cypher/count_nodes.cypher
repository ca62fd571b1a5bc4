// Nodes of a project, tombstones included.
// Parameters: workspace, project. Result: rows (labels, total).
MATCH (n:Entity {workspace: $workspace, project: $project})
WHERE n.owner IS NOT NULL
RETURN labels(n) AS labels, count(*) AS total
