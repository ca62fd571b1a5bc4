// Finds the nodes of a file, of a project and of a workspace. No parameters, no result.
CREATE INDEX entity_file IF NOT EXISTS
FOR (n:Entity) ON (n.workspace, n.project, n.owner)
