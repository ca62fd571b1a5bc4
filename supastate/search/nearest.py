"""Which texts are nearest to a query: by comparing all vectors where they are few, else by the model's index.

Measured on a million vectors of 384 numbers in 100 workspaces, in milliseconds of CPU: comparing the 38,000 of one
workspace took 88 and the index 110; of 96,000, 219 and 58; of 193,000, 323 and 36. All 100,000 of a single
workspace: 56 and 12; all 20,000: 14 and 6. An index is the slower the less of it is the workspace's own, since it
passes the others' vectors too. So it pays from `SEARCH_EXACT_VECTORS` on, and where
`vectors * vectors >= PASSING * CANDIDATES * vectors of the index`. What a filter leaves is looked up in the rows,
passed or not, so there the index pays from half as many on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt
from typing import Any
from uuid import UUID

from django.conf import settings

from processing.vector_indexes import name_index, walk_indexes
from supastate.search.model import FILTER_NAMES
from supastate.search.ranking import CANDIDATES, MOST_PASSED, choose_ef_search
from supastate.search.statements import fetch_rows, fetch_visible

ENOUGH = CANDIDATES // 2  # different texts; fewer of them and the exact way is gone as well
SCANNED = 5 * CANDIDATES
PASSING = 14  # how many vectors are compared in the time in which an index passes one
MOST_COUNTED = 200_000
REMEMBERED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Nearest:
    """A text near the query: its cosine distance, and the chunk [start, end) that is nearest."""

    id: UUID
    distance: float
    chunk_start: int
    chunk_end: int


@dataclass(frozen=True, slots=True)
class VectorQuery:
    """A query's vector (pgvector's text form), and the model that made it."""

    vector: str
    model: str
    dimensions: int


def find_nearest(
    query: VectorQuery,
    *,
    visible: str,
    subject_kind: str,
    filters: Mapping[str, Any],
    workspace_id: UUID,
) -> list[Nearest]:
    """Return at most `CANDIDATES` texts among those of `sql/<visible>.sql`, the nearest first. Inside a scope."""
    parameters = {
        **filters,
        "subject_kind": subject_kind,
        "model": query.model,
        "vector": query.vector,
        "dimensions": query.dimensions,
        "candidates": CANDIDATES,
        "scanned": SCANNED,
    }
    parameters["ef_search"] = find_ef_search(workspace_id, parameters)
    way = choose_way(workspace_id, visible=visible, parameters=parameters, is_filtered=_narrows(filters))
    found = _WAYS[way](visible, parameters)
    if len(found) < ENOUGH and way != "exact":
        return _find_exactly(visible, parameters)
    return found


def choose_way(workspace_id: UUID, *, visible: str, parameters: Mapping[str, Any], is_filtered: bool) -> str:
    """Return "exact", "scanned" or "indexed", whichever is the quickest."""
    here, everywhere = _count(workspace_id, parameters)
    crossing = find_crossing(everywhere)
    if here < crossing:
        return "exact" if is_filtered else "scanned"
    if not is_filtered:
        return "indexed"
    filters = tuple((name, _freeze(parameters[name])) for name in FILTER_NAMES)
    left = _count_left((workspace_id, _minute()), visible, filters, crossing // 2)
    return "exact" if left < crossing // 2 else "indexed"


def find_ef_search(workspace_id: UUID, parameters: Mapping[str, Any]) -> int:
    """Return how far the index that holds these vectors looks around."""
    _, everywhere = _count(workspace_id, parameters)
    return choose_ef_search(everywhere or 0)


def find_crossing(vectors: int | None) -> int:
    """Return from how many vectors on an index that holds `vectors` in all is quicker; None: there is no index."""
    if vectors is None:
        return MOST_COUNTED + 1
    return min(max(settings.SEARCH_EXACT_VECTORS, isqrt(PASSING * CANDIDATES * max(vectors, 0))), MOST_COUNTED)


def _count(workspace_id: UUID, parameters: Mapping[str, Any]) -> tuple[int, int | None]:
    """The vectors of the workspace and of the whole index."""
    return _count_vectors((workspace_id, _minute()), parameters["subject_kind"], parameters["model"])


@lru_cache(maxsize=4_096)
def _count_vectors(_when: tuple[UUID, int], subject_kind: str, model: str) -> tuple[int, int | None]:
    """Kept for a minute, as only speed rests on them."""
    parameters = {
        "subject_kind": subject_kind,
        "model": model,
        "most": MOST_COUNTED,
        "index": name_index(model, subject_kind),
    }
    [(here, everywhere)] = fetch_rows("count_vectors", parameters)
    return here, everywhere


@lru_cache(maxsize=4_096)
def _count_left(_when: tuple[UUID, int], visible: str, filters: tuple[tuple[str, Any], ...], most: int) -> int:
    """How many texts pass the filters, at most `most`; kept for a minute, too."""
    parameters = {name: list(value) if isinstance(value, tuple) else value for name, value in filters}
    [(left,)] = fetch_visible("count_visible", visible, {**parameters, "most": most})
    return int(left)


def _minute() -> int:
    return int(time.monotonic() // REMEMBERED_SECONDS)


def _freeze(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _narrows(filters: Mapping[str, Any]) -> bool:
    return any(value is not None for value in filters.values())


def _find_exactly(visible: str, parameters: Mapping[str, Any]) -> list[Nearest]:
    return [Nearest(*row) for row in fetch_visible("nearest_exact", visible, parameters)]


def _find_by_scan(visible: str, parameters: Mapping[str, Any]) -> list[Nearest]:
    return _drop_repeats(fetch_visible("nearest_scanned", visible, parameters))


def _find_by_index(visible: str, parameters: Mapping[str, Any]) -> list[Nearest]:
    ef_search = parameters["ef_search"]
    walk_indexes(ef_search=ef_search, most_passed=MOST_PASSED, sorts=False)
    rows = fetch_visible("nearest_indexed", visible, parameters)
    walk_indexes(ef_search=ef_search, most_passed=MOST_PASSED, sorts=True)
    return _drop_repeats(rows)


def _drop_repeats(rows: list[tuple[Any, ...]]) -> list[Nearest]:
    """A text of several near chunks keeps its nearest."""
    found: dict[UUID, Nearest] = {}
    for row in rows:
        found.setdefault(row[0], Nearest(*row))
    return list(found.values())


_WAYS = {"exact": _find_exactly, "scanned": _find_by_scan, "indexed": _find_by_index}
