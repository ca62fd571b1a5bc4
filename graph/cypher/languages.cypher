// What a project's living files are written in, the most files first.
// Parameters: workspace, projects. Result: rows (language or null, files, lines).
UNWIND $projects AS project
MATCH (n:Entity:File {workspace: $workspace, project: project})
WHERE n.owner IS NOT NULL AND n.deletedAt IS NULL
RETURN n.language AS language, count(*) AS files, sum(n.endLine) AS lines
ORDER BY files DESC, language
