// Make the project's node if there is none and take the fence for $epoch.
// Parameters: workspace, workspaceLabel, project, epoch. Result: one row (epoch), none if a newer epoch wrote.
MERGE (p:Entity:Project {workspace: $workspace, uid: $project})
ON CREATE SET p.project = $project, p.owner = 'none', p.epoch = $epoch
SET p:$($workspaceLabel)
WITH p
WHERE coalesce(p.epoch, 0) <= $epoch
SET p.epoch = $epoch
RETURN p.epoch AS epoch
