-- The installation's one workspace. No parameters. Result: its id.
SELECT id::text FROM workspaces_workspace
