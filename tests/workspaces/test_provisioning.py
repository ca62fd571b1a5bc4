"""Provisioning gives each role exactly what it needs, on a real server, however often it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from supastate.errors import ConfigurationError
from supastate.local.service import RunningService
from supastate.workspaces import provisioning
from supastate.workspaces.provisioning import (
    APP,
    DISPATCHER,
    OWNER,
    SQL_RUNNER,
    RoleUrls,
    build_url,
    provision,
    provision_from_environment,
)


@pytest.fixture(scope="module")
def urls(own_postgres: RunningService) -> RoleUrls:
    """A provisioned database in which the owner's migrations made a table, a sequence and a function."""
    urls = provision(own_postgres.url, database="provisioned")
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE note (id bigserial, words text, seen vector(3))")
        owner.execute("CREATE FUNCTION count_notes() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM note'")
    return urls


def test_roles_have_their_attributes_and_no_more(urls: RoleUrls) -> None:
    with psycopg.connect(urls.owner) as owner:
        rows = owner.execute(
            "SELECT rolname, rolcanlogin, rolbypassrls, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication"
            " FROM pg_roles WHERE rolname LIKE 'supastate%' ORDER BY rolname"
        ).fetchall()
    assert rows == [
        (APP, True, False, False),
        (DISPATCHER, True, False, False),
        (OWNER, True, True, False),
        (SQL_RUNNER, True, False, False),
    ]


def test_database_has_its_extensions_owner_and_leakproof_mark(urls: RoleUrls) -> None:
    with psycopg.connect(urls.app) as app:
        row = app.execute(
            "SELECT array(SELECT extname::text FROM pg_extension ORDER BY 1),"
            " (SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()),"
            " (SELECT pg_get_userbyid(nspowner)::text FROM pg_namespace WHERE nspname = 'public'),"
            " (SELECT proleakproof FROM pg_proc"
            "  WHERE oid = 'pg_catalog.ts_match_vq(tsvector, tsquery)'::regprocedure)"
        ).fetchone()
    assert row == (["btree_gin", "pg_trgm", "plpgsql", "vector"], OWNER, OWNER, True)


def test_application_reads_and_writes_rows_of_tables_made_later(urls: RoleUrls) -> None:
    with psycopg.connect(urls.app) as app:
        app.execute("INSERT INTO note (words, seen) VALUES ('first', '[1,2,3]')")
        app.execute("UPDATE note SET words = 'second'")
        assert app.execute("SELECT words, count_notes() FROM note").fetchall() == [("second", 1)]
        app.execute("DELETE FROM note")
        assert app.execute("SELECT count_notes()").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement", ["TRUNCATE note", "CREATE TABLE mine ()", "ALTER TABLE note ADD extra int", "DROP TABLE note"]
)
def test_application_changes_no_schema_and_truncates_nothing(urls: RoleUrls, statement: str) -> None:
    with psycopg.connect(urls.app) as app, pytest.raises(errors.InsufficientPrivilege):
        app.execute(sql.SQL(statement))


@pytest.mark.parametrize("role", ["dispatcher", "sql_runner"])
@pytest.mark.parametrize("statement", ["SELECT * FROM note", "SELECT count_notes()", "CREATE TABLE mine ()"])
def test_narrow_roles_may_do_nothing_until_a_migration_grants_it(
    urls: RoleUrls, role: str, statement: str
) -> None:
    with psycopg.connect(getattr(urls, role)) as connection:
        connection.read_only = False
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(sql.SQL(statement))


def test_dispatcher_sees_the_columns_a_migration_grants(urls: RoleUrls) -> None:
    with psycopg.connect(urls.owner) as owner:
        owner.execute("GRANT SELECT (id) ON note TO supastate_dispatcher")
    with psycopg.connect(urls.dispatcher) as dispatcher:
        assert dispatcher.execute("SELECT id FROM note").fetchall() == []


def test_owner_migrates_rows_of_every_workspace_under_forced_row_security(urls: RoleUrls) -> None:
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE walled AS SELECT 1 AS id")
        owner.execute("ALTER TABLE walled ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        assert owner.execute("UPDATE walled SET id = 2").rowcount == 1
    with psycopg.connect(urls.app) as app:
        assert app.execute("SELECT id FROM walled").fetchall() == []


def test_sql_runner_is_read_only_and_short_of_time(urls: RoleUrls) -> None:
    with psycopg.connect(urls.sql_runner) as runner:
        assert runner.execute("SHOW statement_timeout").fetchone() == ("10s",)
        assert runner.execute("SHOW default_transaction_read_only").fetchone() == ("on",)


def test_a_transaction_that_the_application_leaves_open_ends_within_a_minute(urls: RoleUrls) -> None:
    with psycopg.connect(urls.app) as app:
        assert app.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("1min",)


def test_two_provisioning_runs_at_once_agree(own_postgres: RunningService) -> None:
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(provision, own_postgres.url, database="raced") for _ in range(4)]
    assert len({run.result() for run in runs}) == 1


def test_second_run_keeps_rows_and_grants(urls: RoleUrls, own_postgres: RunningService) -> None:
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 'here' AS words")
        before = owner.execute("SELECT relname, relacl::text FROM pg_class ORDER BY oid").fetchall()
    assert provision(own_postgres.url, database="provisioned") == urls
    with psycopg.connect(urls.owner) as owner:
        assert owner.execute("SELECT relname, relacl::text FROM pg_class ORDER BY oid").fetchall() == before
        assert owner.execute("SELECT words FROM kept").fetchone() == ("here",)


def test_a_given_password_is_set_and_is_in_the_url(own_postgres: RunningService) -> None:
    urls = provision(own_postgres.url, database="provisioned", passwords={APP: "p@ss/word ü"})
    assert conninfo_to_dict(urls.app)["password"] == "p@ss/word ü"
    with psycopg.connect(own_postgres.url) as superuser:
        row = superuser.execute(
            "SELECT rolpassword LIKE 'SCRAM-SHA-256$%%' FROM pg_authid WHERE rolname = %s", [APP]
        ).fetchone()
    assert row == (True,)
    assert "p@ss" not in repr(urls)


def test_a_role_that_is_no_superuser_is_refused(urls: RoleUrls) -> None:
    with pytest.raises(ConfigurationError, match="superuser"):
        provision(urls.owner, database="provisioned")


def test_an_old_server_is_refused(own_postgres: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provisioning, "_OLDEST_POSTGRES", 990_000)
    with pytest.raises(ConfigurationError, match="Postgres 16 or later is needed, and this one is 18"):
        provision(own_postgres.url, database="provisioned")


def test_an_old_pgvector_is_refused(own_postgres: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provisioning, "OLDEST_PGVECTOR", (9, 0))
    with pytest.raises(ConfigurationError, match=r"pgvector 0\.8 or later is needed, and this one is 0\.8"):
        provision(own_postgres.url, database="provisioned")


def test_an_unreachable_server_is_one_sentence() -> None:
    with pytest.raises(ConfigurationError, match="Postgres could not be provisioned"):
        provision("postgresql://postgres@/postgres?host=/nowhere", database="provisioned")


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        (
            "postgresql://postgres@/postgres?host=/var/run/pg",
            "postgresql://supastate_app@/supastate?host=/var/run/pg",
        ),
        (
            "postgresql://root:secret@db.example:5433/postgres?sslmode=require",
            "postgresql://supastate_app@db.example:5433/supastate?sslmode=require",
        ),
        ("postgresql://root@[::1]/postgres", "postgresql://supastate_app@[::1]/supastate"),
    ],
)
def test_a_roles_url_keeps_the_address_of_the_superusers(base: str, expected: str) -> None:
    assert build_url(base, user=APP, password=None, database="supastate") == expected


def test_production_job_provisions_what_the_roles_urls_name(own_postgres: RunningService) -> None:
    environment = provision(own_postgres.url, database="produced").as_environment()
    with psycopg.connect(own_postgres.url, autocommit=True) as superuser:
        superuser.execute("DROP DATABASE produced")
    done = subprocess.run(
        [sys.executable, "-m", "supastate.workspaces.provisioning"],
        env=os.environ | environment | {"DATABASE_SUPERUSER_URL": own_postgres.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(environment["DATABASE_URL"]) as app:
        assert app.execute("SELECT current_database()::text").fetchone() == ("produced",)


def test_production_job_names_every_missing_variable() -> None:
    with pytest.raises(ConfigurationError, match=r"DATABASE_SUPERUSER_URL, DATABASE_OWNER_URL.*SQL_RUNNER_URL"):
        provision_from_environment({"DATABASE_URL": f"postgresql://{APP}@db/supastate"})


def test_production_job_refuses_a_url_of_another_role(urls: RoleUrls) -> None:
    environment = urls.as_environment() | {"DATABASE_SUPERUSER_URL": "x", "DATABASE_URL": urls.owner}
    with pytest.raises(ConfigurationError, match=f"DATABASE_URL must name the role {APP}"):
        provision_from_environment(environment)
