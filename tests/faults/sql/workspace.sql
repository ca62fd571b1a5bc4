-- The workspace that faults are made in. No parameters. Result: its id.
SELECT id::text FROM workspaces_workspace WHERE slug = 'demo'
