"""One index (HNSW) for the vectors of each kind of each model in use, as models differ in their dimensions.

Only the owner's role may make or drop them, so commands do it and never a request or a task. While there is no
index, searches compare every vector: slower in a large workspace, and as right.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import OperationalError, connections
from psycopg import sql

from processing.embedding_models import live_models
from processing.models import SubjectKind
from processing.statements import read_statement, run_statement
from supastate.errors import ConfigurationError

PREFIX = "embedding_of_"


def name_index(model: str, kind: str) -> str:
    """Return the name of the index of a model's vectors of one kind."""
    return f"{PREFIX}{kind}_{hashlib.sha256(model.encode()).hexdigest()[:16]}"


def keep_indexes() -> list[str]:
    """Build what is missing for the models in use, drop all others; return what was done, in sentences.

    Searches and writes go on meanwhile. Raises ConfigurationError `owner_needed` without the owner's password.
    """
    wanted = {
        name_index(model.name, kind): (model.name, kind, model.spec.dimensions)
        for model in live_models()
        for kind in SubjectKind.values
    }
    there = _list_indexes()
    surplus = [name for name, is_valid in there.items() if not is_valid or name not in wanted]
    for name in surplus:
        _execute("drop_vector_index", index=sql.Identifier(name))
    missing = [name for name in wanted if not there.get(name)]
    for name in missing:
        _create(name, *wanted[name])
    connections["owner"].close()
    return [f"Dropped {name}." for name in surplus] + [
        f"Built {name} of the {wanted[name][1]} vectors of {wanted[name][0]}." for name in missing
    ]


def walk_indexes(*, ef_search: int, most_passed: int, sorts: bool) -> None:
    """Have what follows in this transaction go by the order of an index of vectors; `sorts` allows sorting too."""
    parameters = {"ef_search": ef_search, "max_scan_tuples": most_passed, "sort": "on" if sorts else "off"}
    with run_statement("walk_index", parameters):
        pass


def _list_indexes() -> dict[str, bool]:
    try:
        with connections["owner"].cursor() as cursor:
            cursor.execute(read_statement("list_vector_indexes"), {"prefix": PREFIX})
            return dict(cursor.fetchall())
    except OperationalError as exc:
        raise ConfigurationError(
            "Only the owner of the tables may index them: run this where DATABASE_OWNER_URL has its password.",
            code="owner_needed",
        ) from exc


def _create(name: str, model: str, kind: str, dimensions: int) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('maintenance_work_mem', %s, false)", [f"{settings.VECTOR_INDEX_MEMORY_MB}MB"]
        )
    _execute(
        "create_vector_index",
        index=sql.Identifier(name),
        dimensions=sql.Literal(dimensions),
        model=sql.Literal(model),
        kind=sql.Literal(kind),
    )


def _execute(statement: str, **placeholders: sql.Composable) -> None:
    composed = sql.SQL(read_statement(statement)).format(**placeholders)
    with connections["owner"].cursor() as cursor:
        cursor.execute(composed.as_string(None), None)
