// Ask whether the fence still holds: statements of a stale writer changed nothing, without saying so.
// Parameters: workspace, project, epoch. Result: one row (epoch), none if a newer epoch wrote.
MATCH (p:Entity {workspace: $workspace, uid: $project})
WHERE coalesce(p.epoch, 0) <= $epoch
SET p.epoch = $epoch
RETURN p.epoch AS epoch
