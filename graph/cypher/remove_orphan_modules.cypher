// Remove the external modules of the project that nothing refers to any more.
// Parameters: workspace, project, epoch. Result: one row (removed).
MATCH (p:Entity {workspace: $workspace, uid: $project})
WHERE coalesce(p.epoch, 0) <= $epoch
SET p.epoch = $epoch
WITH p
MATCH (m:Entity:Module {workspace: $workspace, project: $project, owner: 'none'})
WHERE NOT (m)--()
DELETE m
RETURN count(*) AS removed
