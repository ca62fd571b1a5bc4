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


def fetch_visible(name: str, visible: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run the statement of `sql/<name>.sql` over the rows of `sql/<visible>.sql`."""
    with connection.cursor() as cursor:
        cursor.execute(read_visible(name, visible), parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@cache
def read_visible(name: str, visible: str) -> str:
    """Return a statement with the filters of one kind, and the parts in the folder of its name, put in."""
    parts = {path.stem: f"{name}/{path.stem}" for path in (SQL_DIR / name).glob("*.sql")} | {"visible": visible}
    statement = sql.SQL(_statements.read(name))
    return statement.format(**{part: sql.SQL(_statements.read(file)) for part, file in parts.items()}).as_string(
        None
    )
