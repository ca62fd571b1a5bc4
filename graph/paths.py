"""The shortest way from one entity to another, searched from both ends at once, one statement a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from graph.elements import EdgeType
from graph.store import GraphStore
from graph.store.model import GraphEntity
from graph.store.questions import Pair, Way

LONGEST_PATH = 20
MOST_VISITED = 50_000


@dataclass(frozen=True, slots=True)
class FoundPath:
    """Entities from the first to the last, and the edge after each but the last.

    Without a way both are empty; `gave_up` says that the search ended at its limits instead.
    """

    entities: tuple[GraphEntity, ...] = ()
    ways: tuple[Way, ...] = ()
    gave_up: bool = False


@dataclass(slots=True)
class _Side:
    """What has been reached from one end, by which neighbour."""

    incoming: bool
    frontier: set[str]
    reached: dict[str, str | None] = field(default_factory=dict)


def find_path(
    store: GraphStore, workspace_id: UUID, *, source: str, target: str, types: Sequence[EdgeType]
) -> FoundPath:
    """Return a shortest path along edges of `types`; of several, the one that comes first by uid."""
    sides = (_Side(False, {source}, {source: None}), _Side(True, {target}, {target: None}))
    meeting = source if source == target else None
    for _ in range(LONGEST_PATH):
        if meeting is not None or not all(side.frontier for side in sides):
            break
        if sum(len(side.reached) for side in sides) > MOST_VISITED:
            return FoundPath(gave_up=True)
        side, other = sorted(sides, key=lambda side: len(side.frontier))
        _advance(store, workspace_id, side, types)
        meeting = min(side.frontier & other.reached.keys(), default=None)
    if meeting is None:
        return FoundPath(gave_up=all(side.frontier for side in sides))
    return _read_path(store, workspace_id, _join(sides, meeting), types)


def _advance(store: GraphStore, workspace_id: UUID, side: _Side, types: Sequence[EdgeType]) -> None:
    pairs = store.questions.step(
        workspace_id, side.frontier, types=types, incoming=side.incoming, limit=MOST_VISITED
    )
    side.frontier = set()
    for pair in sorted(pairs):
        near, far = reversed(pair) if side.incoming else pair
        if far not in side.reached:
            side.reached[far] = near
            side.frontier.add(far)


def _join(sides: tuple[_Side, _Side], meeting: str) -> list[str]:
    forward, backward = ([meeting], [meeting])
    for path, side in ((forward, sides[0]), (backward, sides[1])):
        while (before := side.reached[path[-1]]) is not None:
            path.append(before)
    return [*reversed(forward), *backward[1:]]


def _read_path(store: GraphStore, workspace_id: UUID, uids: Sequence[str], types: Sequence[EdgeType]) -> FoundPath:
    pairs: list[Pair] = list(pairwise(uids))
    entities = store.questions.entities(workspace_id, uids)
    ways = store.questions.ways(workspace_id, pairs, types=types) if pairs else {}
    if any(uid not in entities for uid in uids) or any(pair not in ways for pair in pairs):
        return FoundPath()  # it was rewritten while we looked
    return FoundPath(tuple(entities[uid] for uid in uids), tuple(ways[pair] for pair in pairs))
