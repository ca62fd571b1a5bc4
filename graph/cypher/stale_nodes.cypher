// Nodes of the project that the rebuild under $epoch did not write.
// Parameters: workspace, project, epoch, labels, limit. Result: rows (uid), at most $limit.
MATCH (n:Entity {workspace: $workspace, project: $project})
WHERE n.owner IS NOT NULL AND n.epoch < $epoch AND any(label IN labels(n) WHERE label IN $labels)
RETURN n.uid AS uid
ORDER BY uid
LIMIT $limit
