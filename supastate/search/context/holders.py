"""What holds is read instead of what it contradicts: the loser of a confirmed contradiction is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from processing.memories.standing import find_standings
from processing.models import Memory
from supastate.search.searching import Hit
from supastate.search.statements import fetch_rows
from supastate.workspaces.scope import workspace_scope

RankedHit = tuple[int, Hit]


@dataclass(frozen=True, slots=True)
class Preferred:
    """Hits in their order, each loser replaced by what holds unless that was found too; and the losers."""

    hits: Sequence[RankedHit]
    losers: Sequence[Hit]


def prefer_holders(hits: Sequence[RankedHit], *, workspace_id: UUID, reader: UUID) -> Preferred:
    """Replace memories that a confirmed contradiction speaks against by those that hold, in the same place."""
    lost = {hit.match.id for _, hit in hits if hit.standing is not None and hit.standing.contradicted_by}
    if not lost:
        return Preferred(hits, ())
    with workspace_scope(workspace_id, reader=reader):
        holder_of = dict(fetch_rows("holders", {"ids": list(lost)}))
        fetched = _load(set(holder_of.values()), hits)
    shown: list[RankedHit] = []
    losers: list[Hit] = []
    for rank, hit in hits:
        holder_id = holder_of.get(hit.match.id)
        if holder_id is None:
            shown.append((rank, hit))
            continue
        losers.append(hit)
        if holder := fetched.pop(holder_id, None):
            shown.append((rank, replace(holder, match=replace(hit.match, id=holder_id), snippet=hit.snippet)))
    return Preferred(shown, losers)


def _load(wanted: Collection[UUID], hits: Sequence[RankedHit]) -> dict[UUID, Hit]:
    """Return the holders that the search did not find by itself; match and snippet are still another's."""
    found = {hit.match.id for _, hit in hits}
    missing = [memory_id for memory_id in wanted if memory_id not in found]
    memories: Mapping[UUID, Memory] = (
        Memory.objects.select_related("session", "project", "author")
        .defer("search", "metadata", "tool")
        .in_bulk(missing)
    )
    standings = find_standings(memories)
    some = hits[0][1]
    return {key: replace(some, subject=memory, standing=standings[key]) for key, memory in memories.items()}
