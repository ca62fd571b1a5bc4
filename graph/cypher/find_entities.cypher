// Living nodes of some labels whose name holds $query, best match first: same name, then a name that begins so, then the rest.
// Parameters: workspace, projects (or null), labels, query (lower case, '' for all), kind and path (or null), limit, and the place
// after which to go on: afterRank, afterName, afterUid. Result: rows (labels, properties, rank, sortName), at most $limit.
MATCH (n:Entity {workspace: $workspace})
WHERE n.project IS NOT NULL AND n.owner IS NOT NULL AND n.deletedAt IS NULL
  AND ($projects IS NULL OR n.project IN $projects)
  AND any(label IN labels(n) WHERE label IN $labels)
  AND ($kind IS NULL OR n.kind = $kind)
  AND ($path IS NULL OR n.path = $path OR n.path STARTS WITH ($path + '/'))
WITH n, coalesce(n.qualifiedName, n.name, n.path, n.uid) AS sortName, toLower(coalesce(n.name, n.path, '')) AS name
WHERE name CONTAINS $query OR toLower(sortName) CONTAINS $query
WITH n, sortName, CASE WHEN name = $query THEN 0 WHEN name STARTS WITH $query THEN 1 ELSE 2 END AS rank
WHERE rank > $afterRank
  OR (rank = $afterRank AND (sortName > $afterName OR (sortName = $afterName AND n.uid > $afterUid)))
RETURN labels(n) AS labels, properties(n) AS properties, rank, sortName
ORDER BY rank, sortName, n.uid
LIMIT $limit
