// Finds the nodes of a file and of a project. No parameters, no result.
CREATE INDEX FOR (n:Entity) ON (n.project, n.owner)
