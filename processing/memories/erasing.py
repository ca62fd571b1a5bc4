"""Erases memories for good, with all that only they had: vectors, texts in queue rows, nodes in the graph."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from ingest.models import MemoryQueue
from processing.memories.forgotten import forgotten_shown
from processing.models import Embedding, LinkQueue, Memory, SubjectKind
from processing.patterns.recording import forget_evidence
from supastate.queueing.notices import announce_work
from supastate.workspaces.models import Visibility
from supastate.workspaces.scope import workspace_scope

KEPT = ("workspace_id", "project_id", "session_id", "visibility", "content_hash", "source_id")


def erase_memories(memory_ids: Collection[UUID], *, workspace_id: UUID) -> int:
    """Delete memories, forgotten ones too; return how many there were.

    Opens a scope of its own, or joins the pipeline's: whether another text shares the vectors depends on rows that
    a caller may not see. The queue rows themselves stay, so that a resend does not bring the memories back.
    """
    with workspace_scope(workspace_id), forgotten_shown():
        rows = Memory.objects.select_for_update().filter(pk__in=memory_ids).order_by("pk")
        memories = list(rows.only(*KEPT))
        if not memories:
            return 0
        ids = [memory.pk for memory in memories]
        forget_evidence(ids)
        Memory.objects.filter(pk__in=ids).delete()
        _delete_vectors({memory.content_hash for memory in memories}, workspace_id)
        _empty_sources({memory.source_id for memory in memories if memory.source_id})
        leave_graph(memories)
    return len(memories)


def _delete_vectors(hashes: set[str], workspace_id: UUID) -> None:
    """Delete the vectors of texts that nobody has any more."""
    held = Memory.objects.filter(workspace_id=workspace_id, content_hash__in=hashes)
    gone = hashes - set(held.values_list("content_hash", flat=True))
    Embedding.objects.filter(
        workspace_id=workspace_id, subject_kind=SubjectKind.MEMORY, source_hash__in=gone
    ).delete()


def _empty_sources(source_ids: set[UUID]) -> None:
    """Take the text out of queue rows of which no memory is left."""
    held = Memory.objects.filter(source_id__in=source_ids)
    gone = source_ids - set(held.values_list("source_id", flat=True))
    MemoryQueue.objects.filter(pk__in=gone).update(payload={})


def leave_graph(memories: Sequence[Memory]) -> None:
    """Have memories leave the graph, those that are in it. Inside the caller's scope."""
    rows = [
        LinkQueue(
            workspace_id=memory.workspace_id,
            memory_id=memory.pk,
            left_project_id=memory.project_id,
            left_session_id=memory.session_id,
        )
        for memory in memories
        if memory.project_id and memory.visibility == Visibility.WORKSPACE
    ]
    if rows:
        LinkQueue.objects.bulk_create(rows)
        announce_work()
