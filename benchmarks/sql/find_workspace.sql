-- The installation's one workspace. No parameters. Result: its id.
SELECT id FROM workspaces_workspace LIMIT 1
