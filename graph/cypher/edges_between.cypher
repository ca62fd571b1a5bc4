// The edges from the first to the second uid of each pair.
// Parameters: workspace, pairs [[uid, uid]], types. Result: rows (source, target, type, edge properties).
UNWIND $pairs AS pair
MATCH (a:Entity {workspace: $workspace, uid: pair[0]})
MATCH (b:Entity {workspace: $workspace, uid: pair[1]})
MATCH (a)-[r]->(b)
WHERE type(r) IN $types
RETURN a.uid AS source, b.uid AS target, type(r) AS type, properties(r) AS properties
