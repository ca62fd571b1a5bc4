-- What autovacuum would do in time: statistics and visibility of what was loaded. As the owner.
VACUUM (ANALYZE) processing_memory, processing_embedding, workspaces_project
