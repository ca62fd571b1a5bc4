"""Provisioning: the roles, the database and its extensions, made by a superuser before the first migration.

Runs without Django: embedded services call `provision`, and production runs
`python -m supastate.workspaces.provisioning` once before `migrate`. It may run again at any time, two at once
included, and a run changes nothing that is already right.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from supastate.errors import ConfigurationError

OWNER = "supastate_owner"
APP = "supastate_app"
DISPATCHER = "supastate_dispatcher"
SQL_RUNNER = "supastate_sql_runner"

SUPERUSER_VARIABLE = "DATABASE_SUPERUSER_URL"
ROLE_VARIABLES = {
    OWNER: "DATABASE_OWNER_URL",
    APP: "DATABASE_URL",
    DISPATCHER: "DATABASE_DISPATCH_URL",
    SQL_RUNNER: "SQL_RUNNER_URL",
}

_OLDEST_POSTGRES = 160_000
OLDEST_PGVECTOR = (0, 8)
_LOCK_KEY = 7_387_020_001  # any number that nothing else in the cluster locks
_NO_PASSWORDS: Mapping[str, str] = {}
_SQL = Path(__file__).with_name("sql")


@dataclass(frozen=True)
class RoleUrls:
    """The libpq URL of the database for each role."""

    owner: str = field(repr=False)
    app: str = field(repr=False)
    dispatcher: str = field(repr=False)
    sql_runner: str = field(repr=False)

    def as_environment(self) -> dict[str, str]:
        """The variables that the settings read."""
        urls = {
            OWNER: self.owner,
            APP: self.app,
            DISPATCHER: self.dispatcher,
            SQL_RUNNER: self.sql_runner,
        }
        return {ROLE_VARIABLES[role]: url for role, url in urls.items()}


def provision(superuser_url: str, *, database: str, passwords: Mapping[str, str] = _NO_PASSWORDS) -> RoleUrls:
    """Create what is missing of roles, database, extensions and grants; returns each role's URL.

    `passwords` are by role; a role without one keeps what it has. Raises `ConfigurationError` when the server
    cannot be reached or is too old, pgvector is missing or too old, or the URL's user is no superuser.
    """
    try:
        with psycopg.connect(superuser_url, autocommit=True) as connection:
            _require_capable_server(connection)
            connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK_KEY])
            connection.execute(_read_sql("roles.sql"))
            _set_passwords(connection, passwords)
            _ensure_database(connection, database)
            _prepare_database(superuser_url, database)
    except psycopg.OperationalError as exc:
        raise ConfigurationError(f"Postgres could not be provisioned: {exc}") from exc
    return RoleUrls(
        *(
            build_url(superuser_url, user=role, password=passwords.get(role), database=database)
            for role in (OWNER, APP, DISPATCHER, SQL_RUNNER)
        )
    )


def provision_from_environment(environment: Mapping[str, str]) -> None:
    """Provision as superuser what the four roles' URLs name: one database, and a password for each role."""
    missing = [name for name in (SUPERUSER_VARIABLE, *ROLE_VARIABLES.values()) if not environment.get(name)]
    if missing:
        raise ConfigurationError(f"Provisioning needs {', '.join(missing)} in the environment.")
    parsed = {role: _parse(environment[variable]) for role, variable in ROLE_VARIABLES.items()}
    for role, parts in parsed.items():
        if parts.get("user") != role:
            raise ConfigurationError(f"{ROLE_VARIABLES[role]} must name the role {role}.")
    databases = {parts.get("dbname", "") for parts in parsed.values()}
    if len(databases) != 1:
        raise ConfigurationError(f"The roles' URLs must name one database, not {sorted(databases)}.")
    passwords = {role: parts["password"] for role, parts in parsed.items() if "password" in parts}
    provision(environment[SUPERUSER_VARIABLE], database=databases.pop(), passwords=passwords)


def build_url(base_url: str, *, user: str, password: str | None, database: str) -> str:
    """`base_url` with another user, password and database; a Unix socket's folder goes to `?host=`."""
    parts = _parse(base_url)
    for replaced in ("user", "password", "dbname"):
        parts.pop(replaced, None)
    address = ""
    if not parts.get("host", "/").startswith("/"):
        port = parts.pop("port", "")
        address = _bracket(parts.pop("host")) + (f":{port}" if port else "")
    credentials = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    query = f"?{urlencode(parts, safe='/')}" if parts else ""
    return f"postgresql://{credentials}@{address}/{quote(database, safe='')}{query}"


def _require_capable_server(connection: psycopg.Connection) -> None:
    version = connection.info.server_version
    if version < _OLDEST_POSTGRES:
        raise ConfigurationError(f"Postgres 16 or later is needed, and this one is {version // 10_000}.")
    is_superuser, pgvector = connection.execute(_read_sql("capabilities.sql")).fetchone() or (False, None)
    if not is_superuser:
        raise ConfigurationError("Provisioning needs the URL of a Postgres superuser.")
    if pgvector is None:
        raise ConfigurationError("Postgres has no extension pgvector: install version 0.8 or later.")
    if tuple(int(part) for part in pgvector.split(".")[:2]) < OLDEST_PGVECTOR:
        raise ConfigurationError(f"pgvector 0.8 or later is needed, and this one is {pgvector}.")


def _set_passwords(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    for role, password in passwords.items():
        # Only the SCRAM verifier travels, so no server log can hold the password.
        verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Literal(verifier.decode())))


def _ensure_database(connection: psycopg.Connection, database: str) -> None:
    name, owner = sql.Identifier(database), sql.Identifier(OWNER)
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
    connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, owner))


def _prepare_database(superuser_url: str, database: str) -> None:
    with psycopg.connect(make_conninfo(superuser_url, dbname=database)) as connection:
        connection.execute(_read_sql("provision.sql").format(database=sql.Identifier(database)))


def _read_sql(name: str) -> sql.SQL:
    return sql.SQL((_SQL / name).read_text())


def _parse(url: str) -> dict[str, str]:
    return {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}


def _bracket(host: str) -> str:
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    try:
        provision_from_environment(os.environ)
    except ConfigurationError as error:
        sys.exit(error.detail)
