// Remove nodes of the project and every edge that ends in them.
// Parameters: workspace, project, epoch, uids. Result: one row (removed).
MATCH (p:Entity {workspace: $workspace, uid: $project})
WHERE coalesce(p.epoch, 0) <= $epoch
SET p.epoch = $epoch
WITH p
UNWIND $uids AS uid
MATCH (n:Entity {workspace: $workspace, uid: uid})
WHERE n.project = $project
DETACH DELETE n
RETURN count(*) AS removed
