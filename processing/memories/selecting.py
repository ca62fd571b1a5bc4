"""Reads memories: the one way for every view. Row-level security decides whose are seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from processing.models import Layer, Memory, MemoryLink
from processing.sessions import match_session
from supastate.api.pagination import EPOCH, broken_cursor
from supastate.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class MemoryFilters:
    """Each narrows the list; '' and None do not. `session` is an id or a client's key; `until` is exclusive."""

    projects: Sequence[UUID] | None = None
    session: str = ""
    role: str = ""
    type: str = ""
    layer: str = ""
    status: str = ""
    author_id: UUID | None = None
    file: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list ended, as its cursor keeps it: microseconds since 1970, and an id."""

    microseconds: int
    memory_id: str


def select_memories() -> QuerySet[Memory]:
    """Return the visible memories with all that `describe_memory` shows.

    Projects and sessions are read for the page alone: joined, their row-level security would be checked for
    every memory before the newest are taken.
    """
    return Memory.objects.prefetch_related("project", "session", "author", "strength").defer("search")


def get_memory(memory_id: UUID) -> Memory:
    """Return a visible memory; raise NotFoundError for any other."""
    memory = select_memories().filter(pk=memory_id).first()
    if memory is None:
        raise NotFoundError("There is no such memory.")
    return memory


def list_memories(filters: MemoryFilters, *, after: Place | None, limit: int) -> list[Memory]:
    """Return up to `limit` memories, the newest first, from `after` on."""
    found = _narrow(select_memories(), filters)
    if after is not None:
        moment, last_id = _read_place(after)
        found = found.filter(occurred_at__lte=moment).filter(Q(occurred_at__lt=moment) | Q(pk__lt=last_id))
    return list(found.order_by("-occurred_at", "-id")[:limit])


def place_of(memory: Memory) -> Place:
    """Return the place of a memory in the list."""
    return Place((memory.occurred_at - EPOCH) // timedelta(microseconds=1), str(memory.pk))


def list_links(memory: Memory) -> list[MemoryLink]:
    """Return the links of a memory to code that the reader may see, the surest first."""
    links = MemoryLink.objects.filter(memory=memory).select_related("code_object__file")
    return list(links.order_by("-confidence", "code_object__qualified_name", "how"))


def _narrow(found: QuerySet[Memory], filters: MemoryFilters) -> QuerySet[Memory]:
    if filters.projects is not None:
        found = found.filter(project_id__in=filters.projects)
    if filters.session:
        found = found.filter(match_session(filters.session, path="session__"))
    if filters.layer:
        found = found.filter(_match_layer(filters.layer))
    exact = {
        "role": filters.role,
        "type": filters.type,
        "processing_status": filters.status,
        "author_id": filters.author_id,
        "file_paths__contains": [filters.file] if filters.file else None,
        "occurred_at__gte": filters.since,
        "occurred_at__lt": filters.until,
    }
    return found.filter(**{name: value for name, value in exact.items() if value})


def _match_layer(layer: str) -> Q:
    """What no cycle has seen yet is in the working layer."""
    named = Q(strength__layer=layer)
    return named | Q(strength=None) if layer == Layer.WORKING else named


def _read_place(place: Place) -> tuple[datetime, UUID]:
    try:
        return EPOCH + timedelta(microseconds=place.microseconds), UUID(place.memory_id)
    except (OverflowError, ValueError) as exc:
        raise broken_cursor() from exc
