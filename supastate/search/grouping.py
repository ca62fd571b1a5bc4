"""Groups of a session or a file: each stands where its best result does, so pages of groups are stable too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supastate.search.facets import ids_by_kind
from supastate.search.model import Found, GroupBy, Place
from supastate.search.statements import fetch_rows


@dataclass(frozen=True, slots=True)
class Bucket:
    """The matches of one group, the best first."""

    key: str | None
    title: str | None
    matches: list[Found]

    @property
    def place(self) -> Place:
        """Where the group stands among all."""
        return place_of(self.matches[0])


def gather(matches: Sequence[Found], by: GroupBy) -> list[Bucket]:
    """Return matches in groups, in the order of each one's best; what belongs to none is a group without a key."""
    rows = fetch_rows("group_keys", ids_by_kind(matches))
    keys = {row[0]: row[1:3] if by == GroupBy.SESSION else row[3:5] for row in rows}
    buckets: dict[str | None, Bucket] = {}
    for found in matches:
        key, title = keys.get(found[1].id, (None, None))  # gone, if it was deleted meanwhile
        buckets.setdefault(key, Bucket(key, title, [])).matches.append(found)
    return list(buckets.values())


def place_of(found: Found) -> Place:
    """Return where a match stands among all."""
    return found[1].score, found[1].id
