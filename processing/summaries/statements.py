"""The room's SQL files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from supastate.sql_files import SqlFolder

SQL_DIR = Path(__file__).parent / "sql"
run_statement = SqlFolder(SQL_DIR).run


def fetch_rows(name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement inside the open scope and return its rows."""
    with run_statement(name, parameters) as cursor:
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
