// Nodes by uid.
// Parameters: workspace, uids. Result: rows (labels, properties), at most one a uid.
UNWIND $uids AS uid
MATCH (n:Entity {workspace: $workspace, uid: uid})
RETURN labels(n) AS labels, properties(n) AS properties
