"""The read side's SQL files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql

from supastate.sql_files import SqlFolder

SQL_DIR = Path(__file__).parent / "sql"
_statements = SqlFolder(SQL_DIR)


def fetch_rows(name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run the statement of `sql/<name>.sql` inside the open scope and return its rows."""
    with _statements.run(name, parameters) as cursor:
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def fetch_hybrid(visible: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run the hybrid search over the rows of `sql/<visible>.sql`."""
    return _fetch_all(read_hybrid(visible), parameters)


def fetch_newest(visible: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """List the rows of `sql/<visible>.sql`, newest first."""
    return _fetch_all(read_browse(visible), parameters)


def read_hybrid(visible: str) -> str:
    """Return the hybrid search with the filters of one kind put in."""
    return _read_over("hybrid", visible)


def read_browse(visible: str) -> str:
    """Return the list of what is newest, with the filters of one kind put in."""
    return _read_over("browse", visible)


def _fetch_all(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@cache
def _read_over(name: str, visible: str) -> str:
    statement, filters = sql.SQL(_statements.read(name)), sql.SQL(_statements.read(visible))
    return statement.format(visible=filters).as_string(None)
