-- Creates the four roles of this server where they are missing, and sets their attributes every time.
-- No parameters; run by a superuser, in any database, as often as one likes.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY[
        'supastate_owner', 'supastate_app', 'supastate_dispatcher', 'supastate_sql_runner'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I', role_name);
        END IF;
    END LOOP;
END
$$;

-- Migrations and backups see every workspace: under FORCE ROW LEVEL SECURITY they would change and dump no row.
ALTER ROLE supastate_owner LOGIN BYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE supastate_app LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE supastate_dispatcher LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE supastate_sql_runner LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;

-- Courtesy, not a boundary (who writes SQL can SET them): the boundary is what the role is granted.
ALTER ROLE supastate_sql_runner SET statement_timeout = '10s';
ALTER ROLE supastate_sql_runner SET default_transaction_read_only = on;

-- A worker that is frozen or cut off in the midst of a transaction keeps its locks, and others wait for them: for
-- this long at most. Work between two statements of one transaction takes far less.
ALTER ROLE supastate_app SET idle_in_transaction_session_timeout = '60s';

-- Compiling a search's plan takes longer than the search: its cost is estimated for workspaces of an average size.
ALTER ROLE supastate_app SET jit = off;
