"""The room's SQL statements, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

SQL_DIR = Path(__file__).parent / "sql"


@cache
def read_statement(name: str) -> str:
    """Return the statement of `sql/<name>.sql`."""
    return (SQL_DIR / f"{name}.sql").read_text()
