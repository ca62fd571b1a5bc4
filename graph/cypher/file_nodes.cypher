// The nodes that files own now.
// Parameters: workspace, project, owners (hashes of paths). Result: rows (uid).
UNWIND $owners AS owner
MATCH (n:Entity {workspace: $workspace, project: $project, owner: owner})
RETURN n.uid AS uid
