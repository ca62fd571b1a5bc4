// Upsert nodes of one label by uid; their properties become exactly those given.
// Parameters: workspace, project, epoch, rows [{uid, properties}]. Result: one row (written).
MATCH (p:Entity {workspace: $workspace, uid: $project})
WHERE coalesce(p.epoch, 0) <= $epoch
SET p.epoch = $epoch
WITH p
UNWIND $rows AS row
MERGE (n:Entity:NodeLabel {workspace: $workspace, uid: row.uid})
SET n = row.properties
RETURN count(*) AS written
