// Remove up to $limit nodes of a workspace and their edges.
// Parameters: workspace, limit. Result: one row (removed); repeat until 0.
MATCH (n:Entity {workspace: $workspace})
WHERE n.uid IS NOT NULL
WITH n
LIMIT $limit
DETACH DELETE n
RETURN count(*) AS removed
