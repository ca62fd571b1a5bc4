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
def _read_statement(name: str) -> str:
    return (SQL_DIR / f"{name}.sql").read_text()


@contextmanager
def run_statement(name: str, parameters: Mapping[str, Any]) -> Iterator[CursorWrapper]:
    """Execute `sql/<name>.sql` on the application's connection and yield its cursor."""
    with connection.cursor() as cursor:
        cursor.execute(_read_statement(name), parameters)
        yield cursor
