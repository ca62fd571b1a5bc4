// Upsert edges of one type between nodes found by uid; an edge with a missing end is not written.
// Parameters: workspace, project, epoch, rows [{source, target, properties}]. Result: one row (written).
MATCH (p:Entity {workspace: $workspace, uid: $project})
WHERE coalesce(p.epoch, 0) <= $epoch
SET p.epoch = $epoch
WITH p
UNWIND $rows AS row
MATCH (a:Entity {workspace: $workspace, uid: row.source})
MATCH (b:Entity {workspace: $workspace, uid: row.target})
MERGE (a)-[r:EdgeType]->(b)
SET r = row.properties
RETURN count(*) AS written
