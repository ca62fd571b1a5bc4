"""SQL lives in files: each room has a folder of statements, read once and always given parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql


@dataclass(frozen=True, slots=True)
class SqlFolder:
    """The statements of one room: `<name>.sql` in its folder."""

    folder: Path

    def read(self, name: str) -> str:
        """Return the text of a statement."""
        return _read(self.folder / f"{name}.sql")

    @contextmanager
    def run(self, name: str, parameters: Mapping[str, Any]) -> Iterator[CursorWrapper]:
        """Execute a statement on the application's connection and yield its cursor."""
        with connection.cursor() as cursor:
            cursor.execute(self.read(name), parameters)
            yield cursor

    def fetch(self, name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run a statement inside the open scope and return its rows."""
        return fetch_all(self.read(name), parameters)


def fetch_all(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run the text of a statement inside the open scope and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def put_in(statement: str, **parts: str) -> str:
    """Return a statement with other texts of SQL in the place of its placeholders."""
    texts = {name: sql.SQL(part) for name, part in parts.items()}
    return sql.SQL(statement).format(**texts).as_string(None)


@cache
def _read(path: Path) -> str:
    return path.read_text()
