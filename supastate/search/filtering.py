"""Which rows a search is over: the statement of each kind, and its filters as parameters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from supastate.search.model import FILTER_NAMES, Filters, Kind

VISIBLE_OF_KIND = {
    Kind.MEMORY: "visible_memories",
    Kind.CODE: "visible_code",
    Kind.SUMMARY: "visible_summaries",
}


def filter_parameters(filters: Filters) -> dict[str, object]:
    """Return the filters by name, lists as lists and what does not filter as None."""
    values = {name: getattr(filters, name) for name in FILTER_NAMES}
    values |= {name: _match_paths(values[name]) for name in ("paths", "more_paths")}
    return {name: list(value) if isinstance(value, list | tuple) else value for name, value in values.items()}


def _match_paths(parts: Sequence[str] | None) -> list[str] | None:
    """Return LIKE patterns of paths in lines of their own that begin with a part, or end with it after a slash."""
    if parts is None:
        return None
    literal = [re.sub(r"([%_\\])", r"\\\1", part) for part in parts]
    return [pattern for part in literal for pattern in (f"%\n{part}%", f"%/{part.lstrip('/')}\n%")]
