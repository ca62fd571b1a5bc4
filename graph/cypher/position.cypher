// The file at a path and the definitions around one of its lines, the innermost first.
// Parameters: workspace, projects, owner (hash of the path), line, limit. Result: rows (labels, properties), at most $limit.
UNWIND $projects AS project
MATCH (n:Entity {workspace: $workspace, project: project, owner: $owner})
WHERE n.deletedAt IS NULL AND n.startLine <= $line AND n.endLine >= $line
RETURN labels(n) AS labels, properties(n) AS properties
ORDER BY n.endLine - n.startLine, n.startLine DESC, n.uid
LIMIT $limit
