// One node by uid.
// Parameters: workspace, uid. Result: at most one row (labels, properties).
MATCH (n:Entity {workspace: $workspace, uid: $uid})
RETURN labels(n) AS labels, properties(n) AS properties
