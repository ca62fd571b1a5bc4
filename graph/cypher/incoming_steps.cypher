// The edges of one type that lead into any of $uids, as pairs of uids.
// Parameters: workspace, uids, limit. Result: rows (source, target) in the direction of the edge, at most $limit.
UNWIND $uids AS uid
MATCH (n:Entity {workspace: $workspace, uid: uid})
WITH n
MATCH (n)<-[r:EdgeType]-(m)
WHERE m.deletedAt IS NULL
RETURN m.uid AS source, n.uid AS target
LIMIT $limit
