"""The SQL of contradictions."""

from __future__ import annotations

from pathlib import Path

from psycopg import sql

from supastate.sql_files import SqlFolder

_statements = SqlFolder(Path(__file__).parent / "sql")


def read_near_memories(*, dimensions: int | None) -> str:
    """Return the statement of neighbours: by the index of vectors of so many numbers; None compares all."""
    cast = sql.SQL("") if dimensions is None else sql.SQL("::halfvec({})").format(sql.Literal(dimensions))
    return sql.SQL(_statements.read("near_memories")).format(cast=cast).as_string(None)
