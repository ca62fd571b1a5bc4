"""Changes one memory, and asks for all that follows from it.

The embedding of a changed text is asked for by the table's trigger; its links, and its place in the graph, by
a row of the link queue. The graph itself is never called here: it may be away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from processing.linking.references import find_references
from processing.memories.classifying import judge
from processing.memories.requests import Change
from processing.models import CodeReference, LinkQueue, Memory
from processing.patterns.recording import forget_evidence
from supastate.errors import NotFoundError
from supastate.queueing.notices import announce_work
from supastate.workspaces.models import Visibility
from supastate.workspaces.projects import ProjectRef, ensure_project

LINKED_FIELDS = frozenset({"content", "file_paths", "role", "visibility"})


def change_memory(memory_id: UUID, change: Change) -> None:
    """Give a memory new values; runs inside the caller's scope. A value that it has already changes nothing."""
    memory = Memory.objects.select_for_update().filter(pk=memory_id).first()
    if memory is None:
        raise NotFoundError("There is no such memory.")
    values = {name: value for name, value in change.given().items() if value != getattr(memory, name)}
    values |= _judge_again(memory, change, values)
    if "confidence" in change.unsay and memory.confidence is not None:
        values["confidence"] = None
    if not values:
        return
    left_project = _leave_project(memory, values)
    for name, value in values.items():
        setattr(memory, name, value)
    Memory.objects.filter(pk=memory_id).update(**values, updated_at=timezone.now())
    if values.keys() & {"content", "visibility"}:
        forget_evidence([memory_id])
    if values.keys() & {"content", "file_paths", "role"}:
        CodeReference.objects.filter(memory=memory).delete()
        CodeReference.objects.bulk_create(find_references(memory), ignore_conflicts=True)
    if values.keys() & LINKED_FIELDS:
        LinkQueue.objects.create(
            workspace_id=memory.workspace_id,
            memory_id=memory_id,
            left_project_id=left_project,
            left_session_id=memory.session_id if left_project else None,
        )
        announce_work()


def _judge_again(memory: Memory, change: Change, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what becomes of type and importance: said now, said before, or judged by the rules once more."""
    before = {name: getattr(memory, name) for name in memory.set_by_hand if name not in change.unsay}
    now = {name: value for name in ("type", "importance") if (value := getattr(change, name)) is not None}
    judged = judge(
        values.get("content", memory.content), role=values.get("role", memory.role), said={**before, **now}
    )
    return {name: value for name, value in judged.items() if value != getattr(memory, name)}


def _leave_project(memory: Memory, values: dict[str, Any]) -> UUID | None:
    """Move a memory whose visibility changes to the project of the same name that its new readers share.

    Returns the project whose graph must forget it: the shared one, when it becomes private.
    """
    if "visibility" not in values or memory.project is None:
        return None
    old = memory.project
    values["project_id"] = ensure_project(
        workspace_id=memory.workspace_id,
        author_id=memory.author_id,
        ref=ProjectRef(remote=old.remote, path=old.path or old.identity),
        visibility=values["visibility"],
    ).pk
    return old.pk if values["visibility"] == Visibility.PRIVATE else None
