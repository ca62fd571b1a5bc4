"""What patterns say of a project's code: who alone knows a file, and the talk about hot spots and import cycles.

Talk is the exchanges about a file (patterns `recurring_file`), by path. The graph is asked outside transactions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from graph.connection import graph_store
from graph.cycles import find_cycles
from graph.elements import EdgeType, NodeLabel
from graph.store.model import GraphEntity
from processing.models import Pattern, PatternOccurrence, PatternScope, PatternState, PatternSubtype
from supastate.workspaces.models import Visibility

FEWEST_EXCHANGES_ALONE = 5
FEWEST_AUTHORS = 2
MOST_HOT = 200
MOST_EDGES = 200_000
MOST_CYCLES = 100


@dataclass(frozen=True, slots=True)
class Talk:
    """The exchanges about one file."""

    pattern_id: UUID
    path: str
    exchanges: int
    edits: int
    last_seen: Any


@dataclass(frozen=True, slots=True)
class LoneKnowledge:
    """A file that one author alone edits and talks about, in a project of several."""

    talk: Talk
    author: str


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A file that many import and many talk about."""

    talk: Talk
    importers: int


@dataclass(frozen=True, slots=True)
class TalkedCycle:
    """Files that import each other in a circle, with the talk about them, the most first."""

    paths: Sequence[str]
    size: int
    talks: Sequence[Talk]


def find_talk(project_id: UUID, paths: Collection[str]) -> dict[str, Talk]:
    """Return the talk about files that is known, by path. Runs inside a workspace scope."""
    rows = _patterns(project_id).filter(frequency__gt=0, details__path__in=list(paths))
    return {talk.path: talk for talk in map(_read_talk, rows)}


def find_lone_knowledge(project_id: UUID, *, limit: int) -> list[LoneKnowledge]:
    """Return the files of one author alone, the most talked about first; none where only one author works."""
    seen = PatternOccurrence.objects.filter(
        pattern__project_id=project_id,
        pattern__subtype=PatternSubtype.RECURRING_FILE,
        visibility=Visibility.WORKSPACE,
    )
    if len(seen.order_by().values_list("author", flat=True).distinct()[:FEWEST_AUTHORS]) < FEWEST_AUTHORS:
        return []
    rows = _patterns(project_id).filter(
        scope=PatternScope.PERSON, visibility=Visibility.WORKSPACE, frequency__gte=FEWEST_EXCHANGES_ALONE
    )
    found = rows.order_by("-frequency", "-pk")[:limit]
    return [LoneKnowledge(_read_talk(row), row.author.username) for row in found.select_related("author")]


def rank_hot_files(workspace_id: UUID, project_id: UUID) -> dict[str, int]:
    """Return {path: importers} of the files that most import. Runs outside any transaction."""
    ranked = graph_store().questions.rank(
        workspace_id,
        projects=[str(project_id)],
        type=EdgeType.IMPORTS,
        incoming=True,
        labels=[NodeLabel.FILE],
        limit=MOST_HOT,
    )
    return {_path_of(item.entity): item.degree for item in ranked}


def find_circles(workspace_id: UUID, project_id: UUID) -> list[tuple[Sequence[str], int]]:
    """Return a project's import cycles: a shortest circle's paths, and how many files all reach each other."""
    store = graph_store().questions
    pairs = store.list_pairs(workspace_id, projects=[str(project_id)], type=EdgeType.IMPORTS, limit=MOST_EDGES)
    cycles = find_cycles(pairs)[:MOST_CYCLES]
    entities = store.entities(workspace_id, (uid for cycle in cycles for uid in cycle.shortest))
    return [
        ([_path_of(entities[uid]) for uid in cycle.shortest if uid in entities], len(cycle.members))
        for cycle in cycles
    ]


def join_hot_spots(importers: Mapping[str, int], talk: Mapping[str, Talk], *, limit: int) -> list[HotSpot]:
    """Return the hot files that are talked about, by importers times exchanges."""
    spots = [HotSpot(talk[path], number) for path, number in importers.items() if path in talk]
    return sorted(spots, key=lambda spot: (-spot.importers * spot.talk.exchanges, spot.talk.path))[:limit]


def join_cycles(
    circles: Sequence[tuple[Sequence[str], int]], talk: Mapping[str, Talk], *, limit: int
) -> list[TalkedCycle]:
    """Return cycles with the talk about their files, the most talked about first."""
    joined = [
        TalkedCycle(paths, size, sorted((talk[path] for path in paths if path in talk), key=_by_exchanges))
        for paths, size in circles
    ]
    return sorted(joined, key=lambda cycle: (-sum(item.exchanges for item in cycle.talks), -cycle.size))[:limit]


def _patterns(project_id: UUID) -> Any:
    is_live = ~Q(state=PatternState.DISMISSED)
    return Pattern.objects.filter(is_live, project_id=project_id, subtype=PatternSubtype.RECURRING_FILE)


def _read_talk(pattern: Pattern) -> Talk:
    details = pattern.details
    return Talk(pattern.pk, details["path"], pattern.frequency, details.get("edits", 0), pattern.last_seen)


def _by_exchanges(talk: Talk) -> tuple[int, str]:
    return -talk.exchanges, talk.path


def _path_of(entity: GraphEntity) -> str:
    return entity.text("path")
