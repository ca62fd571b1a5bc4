// Definitions that nothing in their project refers to, by path and line: not called, not inherited from, neither
// overriding nor overridden; of a class, none of its members called either. Names that a language or a test runner
// calls by itself (__x__, test…, main) are left out. What overrides goes first: it has few edges to look at, users many.
// Parameters: workspace, projects, kind and path (or null), offset, limit. Result: rows (labels, properties), at most $limit.
UNWIND $projects AS project
MATCH (n:Entity {workspace: $workspace, project: project})
WHERE n.owner IS NOT NULL AND n.deletedAt IS NULL AND (n:Function OR n:Class)
  AND ($kind IS NULL OR n.kind = $kind)
  AND ($path IS NULL OR n.path = $path OR n.path STARTS WITH ($path + '/'))
  AND NOT n.name STARTS WITH '__' AND NOT toLower(n.name) STARTS WITH 'test' AND n.name <> 'main'
OPTIONAL MATCH (n)-[:OVERRIDES]->(base)
WITH n, count(base) AS bases
WHERE bases = 0
OPTIONAL MATCH (n)<-[used:CALLS|INHERITS|OVERRIDES]-(user)
WHERE user <> n
WITH n, count(used) AS uses
WHERE uses = 0
OPTIONAL MATCH (n)-[:DEFINES]->(member)<-[call:CALLS]-()
WITH n, count(call) AS calls
WHERE NOT n:Class OR calls = 0
RETURN labels(n) AS labels, properties(n) AS properties
ORDER BY n.path, n.startLine, n.uid
SKIP $offset
LIMIT $limit
