// The edges of one type that lead out of any of $uids, as pairs of uids.
// Parameters: workspace, uids, limit. Result: rows (source, target) in the direction of the edge, at most $limit.
UNWIND $uids AS uid
MATCH (n:Entity {workspace: $workspace, uid: uid})
WITH n
MATCH (n)-[r:EdgeType]->(m)
WHERE m.deletedAt IS NULL
RETURN n.uid AS source, m.uid AS target
LIMIT $limit
