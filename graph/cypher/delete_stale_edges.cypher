// Delete edges that leave the project's nodes and that the rebuild under $epoch did not write.
// Parameters: workspace, project, epoch, types, limit. Result: one row (deleted), at most $limit.
MATCH (p:Entity {workspace: $workspace, uid: $project})
WHERE coalesce(p.epoch, 0) <= $epoch
SET p.epoch = $epoch
WITH p
MATCH (n:Entity {workspace: $workspace, project: $project})-[r]->()
WHERE n.owner IS NOT NULL AND r.epoch < $epoch AND type(r) IN $types
WITH r
LIMIT $limit
DELETE r
RETURN count(*) AS deleted
