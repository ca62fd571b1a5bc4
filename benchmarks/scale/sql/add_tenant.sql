-- A workspace of the benchmark with its author and projects. Parameters: workspace, author, slug, projects (uuid[]).
WITH person AS (
    INSERT INTO workspaces_user (
        id, username, password, first_name, last_name, email, is_superuser, is_staff, is_active, date_joined, kind)
    VALUES (%(author)s, %(slug)s, '!', '', '', '', false, false, true, now(), 'person')
), tenant AS (
    INSERT INTO workspaces_workspace (id, slug, name, created_at)
    VALUES (%(workspace)s, %(slug)s, %(slug)s, now())
)
INSERT INTO workspaces_project (
    id, workspace_id, identity, name, remote, path, visibility, author_id, created_at)
SELECT project, %(workspace)s, place::text, place::text, '', '', 'workspace', %(author)s, now()
FROM unnest(%(projects)s::uuid[]) WITH ORDINALITY AS named (project, place)
