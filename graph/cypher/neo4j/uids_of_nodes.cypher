// The uids of nodes by the store's own ids. Parameters: workspace, ids. Result: rows (id, uid).
MATCH (n:Entity)
WHERE elementId(n) IN $ids AND n.workspace = $workspace
RETURN elementId(n) AS id, n.uid AS uid
