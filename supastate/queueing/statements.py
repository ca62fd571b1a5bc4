"""Loads the room's SQL files and runs them against one queue table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

SQL_DIR = Path(__file__).parent / "sql"


@cache
def render_statement(name: str, table: str) -> str:
    """Return the statement of `sql/<name>.sql` with `{table}` quoted in."""
    text = (SQL_DIR / f"{name}.sql").read_text()
    return sql.SQL(text).format(table=sql.Identifier(table)).as_string(None)


@contextmanager
def run_statement(name: str, table: str, parameters: Mapping[str, Any]) -> Iterator[CursorWrapper]:
    """Execute a statement on the application's connection and yield its cursor."""
    with connection.cursor() as cursor:
        cursor.execute(render_statement(name, table), parameters)
        yield cursor
