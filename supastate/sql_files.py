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


@cache
def _read(path: Path) -> str:
    return path.read_text()
