"""Facets: how many of a search's candidates there are of each project, language, kind, role, session and month.

Candidates are all that paging would show: by words and by meaning together at most some hundreds of a kind, of a
list without a query its newest thousand. So counting costs the same whatever the size of the workspace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supastate.search.model import Found, Kind
from supastate.search.statements import fetch_rows

MOST_VALUES = 20


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet, what people call it, and how many candidates have it."""

    value: str
    label: str
    count: int


def count_facets(matches: Sequence[Found], names: Sequence[str]) -> Mapping[str, Sequence[FacetCount]]:
    """Count the candidates by each facet in `names`, the most frequent values first. Runs inside a scope."""
    rows = fetch_rows("facets", {**ids_by_kind(matches), "most": MOST_VALUES})
    return {
        name: [FacetCount(value, label, count) for facet, value, label, count in rows if facet == name]
        for name in names
    }


def ids_by_kind(matches: Sequence[Found]) -> dict[str, object]:
    """Return the parameters `memory_ids`, `code_ids` and `summary_ids` of statements over what was found."""
    return {f"{kind.value}_ids": [match.id for found, match in matches if found == kind] for kind in Kind}
