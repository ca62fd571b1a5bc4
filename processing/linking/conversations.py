"""What conversations add to the graph: the order of a session's memories, and the files that its tools touched.

Both belong to the session as a whole: a memory that comes or goes changes what its neighbours lead to, and a file
stays touched as long as one memory shows it. So they are read from all shared memories of a session.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from graph.connection import graph_store
from graph.delivering import require_written
from graph.elements import Edge, EdgeType, NodeLabel, Scalar
from graph.naming import label_of_kind
from graph.store.model import LinkScope
from graph.writers import current_epoch
from processing.models import Memory
from processing.statements import run_statement


@dataclass(frozen=True, slots=True)
class Conversations:
    """The edges of sessions in one project, what they replace, and sessions of which nothing is left there."""

    edges: Sequence[Edge]
    scope: LinkScope
    left: Sequence[UUID]


def find_conversations(
    project_id: UUID, *, memories: Collection[Memory], touched: Sequence[Edge], sessions: Collection[UUID]
) -> Conversations:
    """Read the edges around these memories, and all of these sessions. Runs inside a workspace scope.

    `touched` are the edges that the memories themselves give: what is stored of them may be old.
    """
    following = _find_following(project_id, [memory.pk for memory in memories], sessions)
    present = {session_id for session_id, _, _ in following}
    refreshed = {memory.session_id for memory in memories if memory.session_id} | set(sessions)
    order = [_make_next(memory_id, next_id) for _, memory_id, next_id in following if next_id is not None]
    files = _find_touched(project_id, [memory.pk for memory in memories], refreshed)
    return Conversations(
        edges=[*order, *_keep_surest([*files, *touched])],
        scope=LinkScope(
            sources=[*(str(memory_id) for _, memory_id, _ in following), *map(str, sorted(refreshed))],
            types=(EdgeType.NEXT, EdgeType.TOUCHED),
        ),
        left=sorted(set(sessions) - present),
    )


def write_conversations(workspace_id: UUID, project_id: UUID, found: Conversations) -> None:
    """Make the graph hold exactly these edges. Raises TransientError when it is away."""
    store, project = graph_store(), str(project_id)
    epoch = current_epoch(workspace_id=workspace_id, project_id=project_id)
    outcome = store.write_links(
        workspace_id, project=project, epoch=epoch, nodes=[], edges=found.edges, scope=found.scope
    )
    require_written(outcome)
    if found.left:
        left = [str(session_id) for session_id in found.left]
        require_written(store.delete_entities(workspace_id, project=project, epoch=epoch, uids=left))


def make_touched(session_id: UUID, uid: str, kind: str, how: str, confidence: float) -> Edge:
    """Return the edge from a session to what a tool touched in it."""
    properties: dict[str, Scalar] = {"how": how, "confidence": round(confidence, 3)}
    return Edge(EdgeType.TOUCHED, NodeLabel.SESSION, str(session_id), label_of_kind(kind), uid, properties)


def _make_next(memory_id: UUID, next_id: UUID) -> Edge:
    return Edge(EdgeType.NEXT, NodeLabel.MEMORY, str(memory_id), NodeLabel.MEMORY, str(next_id))


def _find_following(
    project_id: UUID, memory_ids: Collection[UUID], sessions: Collection[UUID]
) -> list[tuple[UUID, UUID, UUID | None]]:
    parameters: dict[str, UUID | list[UUID]] = {
        "project": project_id,
        "memory_ids": list(memory_ids),
        "session_ids": list(sessions),
    }
    with run_statement("next_memories", parameters) as cursor:
        return list(cursor.fetchall())


def _find_touched(project_id: UUID, memory_ids: Collection[UUID], sessions: Collection[UUID]) -> list[Edge]:
    parameters: dict[str, UUID | list[UUID]] = {
        "project": project_id,
        "memory_ids": list(memory_ids),
        "session_ids": list(sessions),
    }
    with run_statement("touched_by_sessions", parameters) as cursor:
        return [make_touched(*row) for row in cursor.fetchall()]


def _keep_surest(edges: Sequence[Edge]) -> list[Edge]:
    """Return one edge for each file of a session; of equals the first by reason, whatever order they came in."""
    best: dict[tuple[str, str], Edge] = {}
    for edge in sorted(
        edges, key=lambda item: (-float(item.properties["confidence"] or 0), str(item.properties["how"]))
    ):
        best.setdefault((edge.source, edge.target), edge)
    return [best[key] for key in sorted(best)]
