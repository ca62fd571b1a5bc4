"""Which words of a query no rows are gathered by: those that a large part of a large workspace's texts has.

The index reads every row of a word before it gives the first, whatever a filter leaves of them. So a common word
costs as much as all rare ones together, and the few of its rows that are taken say next to nothing. It still
counts in the scores, of what rare words gather and of what is nearest by meaning.
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

SAMPLED = 500  # texts
MANY = "0666"  # the 500th of 20,000 hashes is about that: of fewer texts every word is quick
COMMON = 0.02  # of the texts
GATHERED = 3  # so many words gather in any case
REMEMBERED_SECONDS = 3_600


def find_passed_over(words: Sequence[str], kind: Kind, *, workspace_id: UUID, reader: UUID) -> list[str]:
    """Return the words (tsquery texts) that are too common to gather rows by, for this reader. Inside a scope."""
    if len(words) <= GATHERED:
        return []
    period = int(time.monotonic() // REMEMBERED_SECONDS)
    return choose_passed_over(words, _find_common((workspace_id, reader, period), kind))


def choose_passed_over(words: Sequence[str], shares: Mapping[str, float]) -> list[str]:
    """Return the common ones of the words, the most common first, but for `GATHERED` words that are rarest."""
    by_share = sorted(words, key=lambda word: shares.get(word, 0.0), reverse=True)
    return [word for word in by_share[:-GATHERED] if word in shares]


def sampling_parameters() -> dict[str, Any]:
    """Return the parameters of common_words.sql."""
    return {**filter_parameters(Filters()), "sampled": SAMPLED, "below": MANY, "share": COMMON}


@lru_cache(maxsize=1_024)
def _find_common(_whose: tuple[UUID, UUID, int], kind: Kind) -> Mapping[str, float]:
    """The share of each common word among the texts that this reader may see, kept for an hour."""
    return dict(fetch_visible("common_words", VISIBLE_OF_KIND[kind], sampling_parameters()))


forget_common_words = _find_common.cache_clear
