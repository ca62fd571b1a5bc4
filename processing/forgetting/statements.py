"""The SQL files of forgetting; `forgettable.sql` stands inside the others."""

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
    with connection.cursor() as cursor:
        cursor.execute(read_statement(name), parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@cache
def read_statement(name: str) -> str:
    """Return a statement with the condition of forgetting put in."""
    forgettable = sql.SQL(_statements.read("forgettable"))
    return sql.SQL(_statements.read(name)).format(forgettable=forgettable).as_string(None)
