"""What holds is read instead of what it contradicts: the loser of a confirmed contradiction is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from processing.memories.standing import find_standings
from processing.models import Memory
from supastate.search.searching import Hit, load_memories
from supastate.search.statements import fetch_rows
from supastate.workspaces.scope import workspace_scope

RankedHit = tuple[int, Hit]


@dataclass(frozen=True, slots=True)
class Preferred:
    """Hits in their order, with what holds in the place of the first that loses against it; and the losers."""

    hits: Sequence[RankedHit]
    losers: Sequence[Memory]


def prefer_holders(hits: Sequence[RankedHit], *, workspace_id: UUID, reader: UUID) -> Preferred:
    """Replace memories that a confirmed contradiction speaks against by those that hold, in the same place."""
    lost = {hit.match.id for _, hit in hits if hit.standing is not None and hit.standing.contradicted_by}
    if not lost:
        return Preferred(hits, ())
    found = {hit.match.id: hit for _, hit in hits}
    with workspace_scope(workspace_id, reader=reader):
        holder_of = dict(fetch_rows("holders", {"ids": list(lost)}))
        missing = set(holder_of.values()) - found.keys()
        memories, standings = load_memories(missing), find_standings(missing)
    shown: dict[UUID, RankedHit] = {}
    losers: list[Memory] = []
    for rank, hit in hits:
        holder_id = holder_of.get(hit.match.id)
        if holder_id is None or not isinstance(hit.subject, Memory):
            shown.setdefault(hit.match.id, (rank, hit))
            continue
        losers.append(hit.subject)
        if holder_id in memories:
            match = replace(hit.match, id=holder_id)
            found[holder_id] = replace(
                hit, match=match, subject=memories[holder_id], standing=standings.get(holder_id)
            )
        if holder_id in found:
            shown.setdefault(holder_id, (rank, found[holder_id]))
    return Preferred(list(shown.values()), losers)
