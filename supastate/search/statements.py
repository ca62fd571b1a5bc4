"""The read side's SQL files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from supastate.sql_files import SqlFolder, fetch_all, put_in

SQL_DIR = Path(__file__).parent / "sql"
_statements = SqlFolder(SQL_DIR)
fetch_rows = _statements.fetch


def fetch_visible(name: str, visible: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run the statement of `sql/<name>.sql` over the rows of `sql/<visible>.sql`."""
    return fetch_all(read_visible(name, visible), parameters)


@cache
def read_visible(name: str, visible: str) -> str:
    """Return a statement with the filters of one kind, and the parts in the folder of its name, put in."""
    parts = {path.stem: f"{name}/{path.stem}" for path in (SQL_DIR / name).glob("*.sql")} | {"visible": visible}
    return put_in(_statements.read(name), **{part: _statements.read(file) for part, file in parts.items()})
