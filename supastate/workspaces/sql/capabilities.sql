-- What this server and user can do. No parameters; one row: is superuser, version of pgvector on offer or null.
SELECT rolsuper,
       (SELECT default_version FROM pg_available_extensions WHERE name = 'vector')
FROM pg_roles
WHERE rolname = current_user;
