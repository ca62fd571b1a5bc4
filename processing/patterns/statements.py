"""Runs the room's SQL files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

SQL_DIR = Path(__file__).parent / "sql"


@cache
def read_statement(name: str) -> str:
    """Return the statement of `sql/<name>.sql`."""
    return (SQL_DIR / f"{name}.sql").read_text()


@contextmanager
def run_statement(name: str, parameters: Mapping[str, Any]) -> Iterator[CursorWrapper]:
    """Execute a statement on the application's connection and yield its cursor."""
    with connection.cursor() as cursor:
        cursor.execute(read_statement(name), parameters)
        yield cursor
