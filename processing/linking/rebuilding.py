"""Rebuilds a project's graph from Postgres: its code, then the memories that are about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from graph.rebuilding import RebuiltCode, open_rebuild, rebuild_code, sweep_links
from processing.linking.linking import write_links
from processing.models import Memory
from supastate.workspaces.models import Visibility
from supastate.workspaces.scope import workspace_scope

PAGE_MEMORIES = 500


@dataclass(frozen=True, slots=True)
class RebuiltGraph:
    """What a rebuild did to one project."""

    code: RebuiltCode
    memories: int
    swept: int


def rebuild_project(*, workspace_id: UUID, project_id: UUID) -> RebuiltGraph:
    """Write the project's graph again and sweep what is older; readers see it whole all the time.

    Raises TransientError when the store is away or another writer is at work; running it again finishes it.
    """
    with open_rebuild(workspace_id=workspace_id, project_id=project_id) as writer:
        code = rebuild_code(writer)
        memories = 0
        for page in _shared_memories(workspace_id, project_id):
            write_links(workspace_id, page)
            memories += len(page)
        return RebuiltGraph(code, memories, sweep_links(writer))


def _shared_memories(workspace_id: UUID, project_id: UUID) -> Iterator[list[UUID]]:
    last: UUID | None = None
    while page := _next_page(workspace_id, project_id, after=last):
        yield page
        last = page[-1]


def _next_page(workspace_id: UUID, project_id: UUID, *, after: UUID | None) -> list[UUID]:
    with workspace_scope(workspace_id):
        shared = Memory.objects.filter(project_id=project_id, visibility=Visibility.WORKSPACE)
        rest = shared if after is None else shared.filter(pk__gt=after)
        return list(rest.order_by("pk").values_list("pk", flat=True)[:PAGE_MEMORIES])
