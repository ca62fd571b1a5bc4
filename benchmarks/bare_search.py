"""The bare thing beside a search: the server's own SQL statements, as its role inside the workspace.

The query's vector is given. What a ratio to it shows is the price of keys, HTTP, a page's rows and its snippets.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from processing.statements import read_statement
from supastate.search.common_words import choose_passed_over, sampling_parameters
from supastate.search.model import FILTER_NAMES, Kind
from supastate.search.ranking import BEST, CANDIDATES, MOST_PASSED, POSTINGS, RANKING_OF_KIND
from supastate.search.statements import read_visible

LIMIT = 20
_ENTER = (Path(__file__).parent / "sql" / "enter_workspace.sql").read_text()
_RANKING = asdict(RANKING_OF_KIND[Kind.MEMORY])
_BUILT = ("words", "gathering", "exact", "phrase", "speaker")
_NEAREST = ("near_ids", "distances", "chunk_starts", "chunk_ends")


class BareSearch:
    """Searches memories in one workspace on one connection, which must bind parameters on its own side."""

    def __init__(
        self, connection: psycopg.Connection, *, workspace: str, model: str, dimensions: int, ef_search: int = 0
    ) -> None:
        self._connection = connection
        self._workspace = workspace
        self._ef_search = ef_search
        self._common: Mapping[str, float] | None = None
        self._model: dict[str, Any] = {"subject_kind": "memory", "model": model, "dimensions": dimensions}

    def search(
        self, query: str, vector: str, *, way: str = "scanned", filters: Mapping[str, Any] | None = None
    ) -> tuple[float, list[Any]]:
        """Return the seconds that the statements take, and the ids that are nearest by meaning."""
        with self._connection.transaction():
            self._run(_ENTER, {"workspace": self._workspace})
            words = self._run(_read("build_query"), {"q": query})[0]
            passed_over = choose_passed_over(words[1], self._find_common())
            began = time.perf_counter()
            nearest = self._find_nearest(vector, way, filters or {})
            self._join(words, passed_over, nearest, filters or {})
            return time.perf_counter() - began, [row[0] for row in nearest]

    def _find_common(self) -> Mapping[str, float]:
        """As the server remembers it."""
        if self._common is None:
            self._common = dict(self._run(_read("common_words"), sampling_parameters()))
        return self._common

    def _find_nearest(self, vector: str, way: str, filters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        parameters = {
            **dict.fromkeys(FILTER_NAMES),
            **filters,
            **self._model,
            "vector": vector,
            "candidates": CANDIDATES,
            "scanned": 5 * CANDIDATES,
        }
        walking = {"ef_search": self._ef_search, "max_scan_tuples": MOST_PASSED}
        if way == "indexed":
            self._run(read_statement("walk_index"), {**walking, "sort": "off"})
        found = self._run(_read(f"nearest_{way}"), parameters)
        if way == "indexed":
            self._run(read_statement("walk_index"), {**walking, "sort": "on"})
        return found

    def _join(
        self,
        words: Sequence[Any],
        passed_over: Sequence[str],
        nearest: Sequence[tuple[Any, ...]],
        filters: Mapping[str, Any],
    ) -> Sequence[tuple[Any, ...]]:
        columns = list(zip(*nearest, strict=True)) or [()] * len(_NEAREST)
        return self._run(
            _read("hybrid"),
            {
                **dict.fromkeys(FILTER_NAMES),
                **filters,
                **dict(zip(_NEAREST, map(list, columns), strict=True)),
                **dict(zip(_BUILT, words[1:], strict=True)),
                "passed_over": passed_over,
                **self._model,
                **_RANKING,
                "best": BEST,
                "field_weights": list(_RANKING["field_weights"]),
                "postings": POSTINGS,
                "candidates": CANDIDATES,
                "size": LIMIT + 1,
                "after_score": None,
                "after_id": None,
            },
        )

    def _run(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement.encode(), parameters).fetchall()


def _read(name: str) -> str:
    return read_visible(name, "visible_memories")
