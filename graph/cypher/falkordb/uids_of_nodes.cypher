// The uids of nodes by the store's own ids. Parameters: ids. Result: rows (id, uid).
UNWIND $ids AS place
MATCH (n)
WHERE id(n) = place
RETURN id(n) AS id, n.uid AS uid
