// Remove up to $limit nodes of a project, the project's own node included, and their edges.
// Parameters: workspace, project, limit. Result: one row (removed); repeat until 0.
MATCH (n:Entity {workspace: $workspace, project: $project})
WHERE n.owner IS NOT NULL
WITH n
LIMIT $limit
DETACH DELETE n
RETURN count(*) AS removed
