"""What there is when nothing is searched for: the rows that pass the filters, the newest first."""

from __future__ import annotations

from datetime import timedelta

from supastate.api.pagination import EPOCH
from supastate.search.filtering import VISIBLE_OF_KIND, filter_parameters
from supastate.search.model import Filters, Kind, Match, Place
from supastate.search.statements import fetch_visible


def list_newest(kind: Kind, filters: Filters, after: Place | None, *, size: int) -> list[Match]:
    """Return up to `size` matches from `after` on, whose score is their time: microseconds since 1970."""
    parameters = {
        "size": size,
        "after_moment": EPOCH + timedelta(microseconds=after[0]) if after else None,
        "after_id": after[1] if after else None,
        **filter_parameters(filters),
    }
    rows = fetch_visible("browse", VISIBLE_OF_KIND[kind], parameters)
    return [Match(id=found, score=microseconds) for found, microseconds in rows]
