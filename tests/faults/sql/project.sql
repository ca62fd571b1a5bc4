-- A project by its name. Parameters: name. Result: workspace id, project id.
SELECT workspace_id::text, id::text FROM workspaces_project WHERE name = %(name)s
