"""The SQL files of forgetting; `forgettable.sql` stands inside the others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from supastate.sql_files import SqlFolder, fetch_all, put_in

SQL_DIR = Path(__file__).parent / "sql"
_statements = SqlFolder(SQL_DIR)


def fetch_rows(name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run the statement of `sql/<name>.sql` inside the open scope and return its rows."""
    return fetch_all(read_statement(name), parameters)


@cache
def read_statement(name: str) -> str:
    """Return a statement with the condition of forgetting put in."""
    return put_in(_statements.read(name), forgettable=_statements.read("forgettable"))
