"""What is related to one memory: by time in its session, by meaning, and by the code that both are about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from processing.embedding_models import LiveModel, active_model
from processing.memories.selecting import get_memory
from processing.models import Memory
from supastate.search.filtering import VISIBLE_OF_KIND, filter_parameters
from supastate.search.model import Filters, Kind
from supastate.search.nearest import VectorQuery, find_nearest
from supastate.search.statements import fetch_rows
from supastate.workspaces.scope import workspace_scope


class Relation(StrEnum):
    """How two memories are related."""

    TEMPORAL = "temporal"
    SEMANTIC = "semantic"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class RelatedMemory:
    """A memory, how it is related, why in words, and how closely (0 to 1, comparable within one relation)."""

    relation: Relation
    memory: Memory
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class RelatedMemories:
    """The closest first in each relation; `degraded` says why none is found by meaning."""

    items: Sequence[RelatedMemory]
    degraded: str | None


@dataclass(frozen=True, slots=True)
class _Reason:
    relation: Relation
    memory_id: UUID
    score: float
    text: str


def list_related(
    memory_id: UUID, relations: Collection[Relation], *, limit: int, workspace_id: UUID, reader: UUID
) -> RelatedMemories:
    """Return up to `limit` memories of each relation as `reader` sees them. Raises NotFoundError."""
    model = active_model()
    reasons: list[_Reason] = []
    degraded = None
    with workspace_scope(workspace_id, reader=reader):
        memory = get_memory(memory_id)
        if Relation.TEMPORAL in relations:
            reasons += _find_in_time(memory, limit)
        if Relation.SEMANTIC in relations:
            query = _find_vector(memory, model)
            reasons += _find_by_meaning(memory, query, limit) if query else []
            degraded = None if query else "not_embedded"
        if Relation.CODE in relations:
            reasons += _find_by_code(memory, limit)
        found = Memory.objects.select_related("session", "project", "author").defer("search", "metadata", "tool")
        memories = found.in_bulk([reason.memory_id for reason in reasons])
    items = [
        RelatedMemory(reason.relation, memories[reason.memory_id], reason.score, reason.text)
        for reason in reasons
        if reason.memory_id in memories  # else it was deleted meanwhile
    ]
    return RelatedMemories(items, degraded)


def _find_in_time(memory: Memory, limit: int) -> list[_Reason]:
    """A turn that is n away scores 1 / n."""
    where = "in the same session" if memory.session_id else "by the same author, within a day"
    rows = fetch_rows("turns_around", {"memory_id": memory.pk, "most": limit})
    return [
        _Reason(Relation.TEMPORAL, found, 1 / abs(steps), f"{_count_turns(steps)} {where}")
        for found, steps in rows
    ]


def _count_turns(steps: int) -> str:
    turns = "1 turn" if abs(steps) == 1 else f"{abs(steps)} turns"
    return f"{turns} {'later' if steps > 0 else 'before'}"


def _find_vector(memory: Memory, model: LiveModel) -> VectorQuery | None:
    rows = fetch_rows("first_vector", {"source_hash": memory.content_hash, "model": model.name})
    return VectorQuery(str(rows[0][0]), model.name, model.spec.dimensions) if rows else None


def _find_by_meaning(memory: Memory, query: VectorQuery, limit: int) -> list[_Reason]:
    """The search for memories with this one's beginning as the query; the score is cosine similarity."""
    found = find_nearest(
        query,
        visible=VISIBLE_OF_KIND[Kind.MEMORY],
        subject_kind=Kind.MEMORY,
        filters=filter_parameters(Filters()),
        workspace_id=memory.workspace_id,
    )
    others = [near for near in found if near.id != memory.pk]
    return [
        _Reason(Relation.SEMANTIC, near.id, max(0.0, 1 - near.distance), "similar in meaning")
        for near in others[:limit]
    ]


def _find_by_code(memory: Memory, limit: int) -> list[_Reason]:
    rows = fetch_rows("memories_of_same_code", {"memory_id": memory.pk, "most": limit})
    return [
        _Reason(
            Relation.CODE,
            found,
            score,
            f"both are about {name}" + (f" and {shared - 1} more" if shared > 1 else ""),
        )
        for found, score, shared, name in rows
    ]
