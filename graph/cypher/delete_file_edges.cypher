// Delete the edges that files own. One end at least of such an edge belongs to the same file.
// Parameters: workspace, project, epoch, owners (hashes of paths). Result: one row (deleted).
MATCH (p:Entity {workspace: $workspace, uid: $project})
WHERE coalesce(p.epoch, 0) <= $epoch
SET p.epoch = $epoch
WITH p
UNWIND $owners AS owner
MATCH (n:Entity {workspace: $workspace, project: $project, owner: owner})-[r]-()
WHERE r.owner = owner
WITH DISTINCT r
DELETE r
RETURN count(*) AS deleted
