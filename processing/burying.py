"""Code that goes while memories mention it leaves a tombstone: its node and their links live on in the graph.

A tombstone is kept when the code comes back, without its date: whether memories mention code must not depend on
whether they were linked again before it goes the next time.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from graph.models import Tombstone
from processing.linking.asking import ask_for_memories
from processing.models import CodeObject, MemoryLink
from supastate.workspaces.models import Visibility

_BURIED_FIELDS = ("path", "signature", "language", "start_line", "end_line", "deleted_at")


def remove_objects(gone: QuerySet[CodeObject], *, workspace_id: UUID, project_id: UUID) -> None:
    """Delete code objects of a project, leaving tombstones of those that shared memories mention.

    A link by vectors mentions nothing: it ends with its code, and the memory may be near to something else.
    """
    near = MemoryLink.objects.filter(code_object__in=gone, how=MemoryLink.How.VECTOR)
    ask_for_memories(list(near.values_list("memory_id", flat=True).distinct()), workspace_id=workspace_id)
    mentions = MemoryLink.objects.exclude(how=MemoryLink.How.VECTOR).filter(
        code_object=OuterRef("pk"), memory__visibility=Visibility.WORKSPACE, memory__project_id=project_id
    )
    known = Tombstone.objects.filter(project_id=project_id).values("uid")
    mentioned = gone.filter(Q(Exists(mentions)) | Q(uid__in=known)).select_related("file")
    Tombstone.objects.bulk_create(
        [_bury(item) for item in mentioned.defer("content", "docstring", "search").order_by("uid")],
        update_conflicts=True,
        unique_fields=["project", "uid"],
        update_fields=_BURIED_FIELDS,
    )
    gone.delete()


def revive_objects(uids: Collection[str], *, project_id: UUID) -> None:
    """Note that code with these uids is there."""
    buried = Tombstone.objects.filter(project_id=project_id, deleted_at__isnull=False)
    buried.filter(uid__in=uids).update(deleted_at=None)


def _bury(item: CodeObject) -> Tombstone:
    return Tombstone(
        workspace_id=item.workspace_id,
        project_id=item.project_id,
        uid=item.uid,
        path=item.file.path,
        kind=item.kind,
        name=item.name,
        qualified_name=item.qualified_name,
        signature=item.signature,
        language=item.file.language,
        start_line=item.start_line,
        end_line=item.end_line,
        deleted_at=timezone.now(),
    )
