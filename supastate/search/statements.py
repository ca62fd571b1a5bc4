"""The read side's SQL statements, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

SQL_DIR = Path(__file__).parent / "sql"


@cache
def _read(name: str) -> str:
    return (SQL_DIR / f"{name}.sql").read_text()


def fetch_rows(name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run the statement of `sql/<name>.sql` inside the open scope and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(_read(name), parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
