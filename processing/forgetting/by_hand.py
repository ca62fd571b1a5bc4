"""Forgetting and restoring one memory. Both may be said again and do nothing then. Inside the caller's scope."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from processing.memories.erasing import leave_graph
from processing.memories.forgotten import forgotten_shown
from processing.models import (
    EmbedQueue,
    ForgettingAct,
    ForgettingKind,
    LinkQueue,
    Memory,
    MemoryAccess,
    SubjectKind,
)
from supastate.queueing.notices import announce_work


def forget_memory(memory_id: UUID, *, person: UUID) -> None:
    """Hide a memory from searches, contexts and patterns, and have it leave the graph; all of it is kept."""
    with forgotten_shown():
        memory = Memory.objects.select_for_update().filter(pk=memory_id, forgotten_at=None).first()
        if memory is None:
            return
        Memory.objects.filter(pk=memory_id).update(forgotten_at=timezone.now())
    leave_graph([memory])
    _record(ForgettingKind.FORGOTTEN, memory, person)


def restore_memory(memory_id: UUID, *, person: UUID) -> None:
    """Show a memory again. That is a use of it, so that a policy does not forget it the next day.

    While it was hidden, code and models may have changed: its links and vectors are asked for as a new one's.
    """
    with forgotten_shown():
        memory = Memory.objects.select_for_update().filter(pk=memory_id, forgotten_at__isnull=False).first()
        if memory is None:
            return
        Memory.objects.filter(pk=memory_id).update(forgotten_at=None)
    here = {"workspace_id": memory.workspace_id}
    MemoryAccess.objects.create(memory=memory, reader_id=person, way=MemoryAccess.Way.RESTORE, **here)
    LinkQueue.objects.create(memory_id=memory_id, **here)
    EmbedQueue.objects.create(subject_kind=SubjectKind.MEMORY, subject_id=memory_id, **here)
    _record(ForgettingKind.RESTORED, memory, person)


def _record(kind: str, memory: Memory, person: UUID) -> None:
    ForgettingAct.objects.create(workspace_id=memory.workspace_id, kind=kind, memories=1, person_id=person)
    announce_work()
