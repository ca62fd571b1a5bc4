"""Memories that must leave the graph: they were deleted, made private or moved to another project.

Rows of the link queue name the project that a memory left. Since rows run in any order, and beside a run that
still writes the memory, what counts is where the memory is when the row runs; a run that finds at its end that
it wrote a memory which has left meanwhile asks for its removal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from graph.connection import graph_store
from graph.delivering import require_written
from graph.writers import current_epoch
from processing.models import LinkQueue, Memory
from supastate.workspaces.models import Visibility

Departures = Mapping[UUID, Sequence[UUID]]


def find_departures(rows: Sequence[LinkQueue]) -> Departures:
    """Return {project: memories that are not in its shared part any more}. Runs inside a workspace scope."""
    return _without_present({(row.left_project_id, row.memory_id) for row in rows if row.left_project_id})


def ask_for_departures(written: Mapping[UUID, Sequence[Memory]], *, workspace_id: UUID) -> None:
    """Queue the removal of memories of {project: memories} that left while the graph was written."""
    departed = _without_present({(project, memory.pk) for project, part in written.items() for memory in part})
    sessions = {memory.pk: memory.session_id for part in written.values() for memory in part}
    LinkQueue.objects.bulk_create(
        LinkQueue(
            workspace_id=workspace_id,
            memory_id=memory_id,
            left_project_id=project_id,
            left_session_id=sessions[memory_id],
        )
        for project_id, memory_ids in departed.items()
        for memory_id in memory_ids
    )


def remove_departures(departures: Departures, *, workspace_id: UUID) -> None:
    """Remove the nodes of memories with all their edges. Raises TransientError when the graph is away."""
    for project_id, memory_ids in departures.items():
        outcome = graph_store().delete_entities(
            workspace_id,
            project=str(project_id),
            epoch=current_epoch(workspace_id=workspace_id, project_id=project_id),
            uids=[str(memory_id) for memory_id in memory_ids],
        )
        require_written(outcome)


def _without_present(places: Collection[tuple[UUID, UUID]]) -> Departures:
    shared = Memory.objects.filter(
        pk__in={memory_id for _, memory_id in places},
        project_id__in={project_id for project_id, _ in places},
        visibility=Visibility.WORKSPACE,
    )
    present = set(shared.values_list("project_id", "pk"))
    departed: dict[UUID, list[UUID]] = defaultdict(list)
    for project_id, memory_id in sorted(set(places) - present):
        departed[project_id].append(memory_id)
    return departed
