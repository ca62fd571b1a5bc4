// Leave tombstones: the nodes stay, with deletedAt, for the memories that mention them; their code edges go.
// Parameters: workspace, project, epoch, uids, now (epoch ms), types (of code edges). Result: one row (buried).
MATCH (p:Entity {workspace: $workspace, uid: $project})
WHERE coalesce(p.epoch, 0) <= $epoch
SET p.epoch = $epoch
WITH p
UNWIND $uids AS uid
MATCH (n:Entity {workspace: $workspace, uid: uid})
WHERE n.project = $project
SET n.deletedAt = coalesce(n.deletedAt, $now), n.epoch = $epoch
WITH n
OPTIONAL MATCH (n)-[r]-()
WHERE type(r) IN $types
DELETE r
RETURN count(DISTINCT n.uid) AS buried
