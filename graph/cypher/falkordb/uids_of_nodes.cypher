// The uids of nodes by the store's own ids. Parameters: ids. Result: rows (id, uid).
MATCH (n)
WHERE id(n) IN $ids
RETURN id(n) AS id, n.uid AS uid
