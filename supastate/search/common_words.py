"""Which words of a query no rows are gathered by: those that a large part of many texts has.

The index reads every row of a word before it gives the first. So a common word costs as much as all rare ones
together, and the few of its rows that are taken say next to nothing. It still counts in the scores.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from supastate.search.filtering import VISIBLE_OF_KIND, filter_parameters
from supastate.search.model import Filters, Kind
from supastate.search.statements import fetch_visible

SAMPLED, LEAST = 500, 100  # texts, and so many of them must pass the filters
MANY = "0666"  # the 500th of 20,000 hashes is about that: of fewer texts every word is quick
COMMON = 0.02  # of the texts
GATHERED = 3  # so many words gather in any case
REMEMBERED_SECONDS = 3_600


def find_passed_over(
    words: Sequence[str], kind: Kind, filters: Filters, *, workspace_id: UUID, reader: UUID
) -> list[str]:
    """Return the words (tsquery texts) that are too common to gather rows by, for this reader. Inside a scope."""
    narrowing = {name for name, value in filter_parameters(filters).items() if value is not None}
    if len(words) <= GATHERED or narrowing - {"projects", "newest_id"}:
        return []  # what is common among the few rows that other filters leave, no sample tells
    period = int(time.monotonic() // REMEMBERED_SECONDS)
    projects = None if filters.projects is None else tuple(filters.projects)
    return choose_passed_over(words, _find_common((workspace_id, reader, period), kind, projects))


def choose_passed_over(words: Sequence[str], shares: Mapping[str, float]) -> list[str]:
    """Return the common ones of the words, the most common first, but for `GATHERED` words that are rarest."""
    by_share = sorted(words, key=lambda word: shares.get(word, 0.0), reverse=True)
    return [word for word in by_share[:-GATHERED] if word in shares]


def sampling_parameters(filters: Filters) -> dict[str, Any]:
    """Return the parameters of common_words.sql."""
    return {**filter_parameters(filters), "sampled": SAMPLED, "below": MANY, "least": LEAST, "share": COMMON}


@lru_cache(maxsize=1_024)
def _find_common(
    _whose: tuple[UUID, UUID, int], kind: Kind, projects: tuple[UUID, ...] | None
) -> Mapping[str, float]:
    """The share of each common word among the texts that this reader may see, kept for an hour."""
    parameters = sampling_parameters(Filters(projects=projects))
    return dict(fetch_visible("common_words", VISIBLE_OF_KIND[kind], parameters))


forget_common_words = _find_common.cache_clear
