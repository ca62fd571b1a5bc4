// Delete the outgoing edges of some types of some nodes of the project.
// Parameters: workspace, project, epoch, uids, types. Result: one row (deleted).
MATCH (p:Entity {workspace: $workspace, uid: $project})
WHERE coalesce(p.epoch, 0) <= $epoch
SET p.epoch = $epoch
WITH p
UNWIND $uids AS uid
MATCH (n:Entity {workspace: $workspace, uid: uid})-[r]->()
WHERE n.project = $project AND type(r) IN $types
DELETE r
RETURN count(*) AS deleted
