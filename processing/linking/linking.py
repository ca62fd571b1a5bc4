"""The link stage: finds the code that memories are about and brings both into the graph.

The graph is written first and the links are kept in the transaction that completes the rows: a graph that is
away delays links alone, and a run that was cut off is simply done again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from graph.connection import graph_store
from graph.delivering import require_written
from graph.elements import Edge, EdgeType, Node, NodeLabel
from graph.naming import label_of_kind
from graph.store.model import LinkScope
from graph.writers import current_epoch
from processing.linking.conversations import (
    Conversations,
    find_conversations,
    make_touched,
    write_conversations,
)
from processing.linking.departures import (
    ask_for_departures,
    find_departures,
    remove_departures,
)
from processing.linking.links import Link, find_links
from processing.models import LinkQueue, Memory, MemoryLink, Session, TombstoneLink
from processing.patterns.requesting import request_detection
from supastate.queueing.claims import Claim, complete_rows
from supastate.queueing.runner import run_claim
from supastate.workspaces.models import Visibility
from supastate.workspaces.scope import workspace_scope

EDGES_OF_MEMORIES = (EdgeType.MENTIONS,)

Talks = Mapping[UUID, Conversations]


@dataclass(frozen=True, slots=True)
class _Found:
    """Memories and what links them to code."""

    memories: Sequence[Memory]
    links: Sequence[Link]


def link_due(*, workspace_id: UUID) -> int:
    """Link the memories of one claim; return how many rows were claimed."""
    return run_claim(LinkQueue, workspace_id=workspace_id, work=_link)


def write_links(workspace_id: UUID, memory_ids: Sequence[UUID]) -> None:
    """Find the links of memories and make both the graph and Postgres hold exactly these."""
    with workspace_scope(workspace_id):
        found = _find(memory_ids)
        talks = _find_talks(found, {})
    shared = _shared_by_project(found.memories)
    _write_graphs(workspace_id, found.links, shared, talks)
    with workspace_scope(workspace_id):
        _keep(workspace_id, found, shared)


def _link(claim: Claim[LinkQueue]) -> None:
    workspace_id = claim.rows[0].workspace_id
    with workspace_scope(workspace_id):
        found = _find({row.memory_id for row in claim.rows})
        departures = find_departures(claim.rows)
        talks = _find_talks(found, _left_sessions(claim.rows))
    shared = _shared_by_project(found.memories)
    remove_departures(departures, workspace_id=workspace_id)
    _write_graphs(workspace_id, found.links, shared, talks)
    with workspace_scope(workspace_id):
        _keep(workspace_id, found, shared)
        complete_rows(claim, claim.rows)
        request_detection(workspace_id=workspace_id, after_ingest=True)


def _find(memory_ids: Collection[UUID]) -> _Found:
    memories = list(Memory.objects.select_related("session").filter(pk__in=memory_ids).order_by("pk"))
    return _Found(memories, find_links([memory.pk for memory in memories]))


def _left_sessions(rows: Sequence[LinkQueue]) -> dict[UUID, set[UUID]]:
    """Return {project: sessions that a memory left there}."""
    left: dict[UUID, set[UUID]] = defaultdict(set)
    for row in rows:
        if row.left_project_id and row.left_session_id:
            left[row.left_project_id].add(row.left_session_id)
    return left


def _find_talks(found: _Found, left: Mapping[UUID, Collection[UUID]]) -> Talks:
    shared = _shared_by_project(found.memories)
    return {
        project_id: find_conversations(
            project_id,
            memories=shared.get(project_id, ()),
            touched=_touched_of(shared.get(project_id, ()), found.links),
            sessions=left.get(project_id, ()),
        )
        for project_id in {*shared, *left}
    }


def _write_graphs(
    workspace_id: UUID, links: Sequence[Link], shared: Mapping[UUID, Sequence[Memory]], talks: Talks
) -> None:
    for project_id, part in shared.items():
        _write_graph(workspace_id, project_id, part, links)
    for project_id, conversations in talks.items():
        write_conversations(workspace_id, project_id, conversations)


def _keep(workspace_id: UUID, found: _Found, shared: Mapping[UUID, Sequence[Memory]]) -> None:
    ask_for_departures(shared, workspace_id=workspace_id)
    _keep_links(workspace_id, [memory.pk for memory in found.memories], found.links)


def _keep_links(workspace_id: UUID, memory_ids: Sequence[UUID], links: Sequence[Link]) -> None:
    present = set(Memory.objects.filter(pk__in=memory_ids).values_list("pk", flat=True))
    kept = [link for link in links if link.memory_id in present]
    for model in (MemoryLink, TombstoneLink):
        model.objects.filter(memory_id__in=memory_ids).delete()
    MemoryLink.objects.bulk_create(
        (
            MemoryLink(code_object_id=link.code_object_id, **_describe(link, workspace_id))
            for link in kept
            if link.code_object_id
        ),
        ignore_conflicts=True,
    )
    TombstoneLink.objects.bulk_create(
        (
            TombstoneLink(tombstone_id=link.tombstone_id, **_describe(link, workspace_id))
            for link in kept
            if link.tombstone_id
        ),
        ignore_conflicts=True,
    )


def _describe(link: Link, workspace_id: UUID) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "memory_id": link.memory_id,
        "edge": link.edge,
        "how": link.how,
        "confidence": link.confidence,
    }


def _shared_by_project(memories: Sequence[Memory]) -> dict[UUID, list[Memory]]:
    """Return the memories that everybody in the workspace may see: a private one never enters the shared graph."""
    shared: dict[UUID, list[Memory]] = defaultdict(list)
    for memory in memories:
        if memory.project_id is not None and memory.visibility == Visibility.WORKSPACE:
            shared[memory.project_id].append(memory)
    return shared


def _write_graph(workspace_id: UUID, project_id: UUID, memories: Sequence[Memory], links: Sequence[Link]) -> None:
    by_id = {memory.pk: memory for memory in memories}
    mine = [link for link in links if link.memory_id in by_id]
    outcome = graph_store().write_links(
        workspace_id,
        project=str(project_id),
        epoch=current_epoch(workspace_id=workspace_id, project_id=project_id),
        nodes=_nodes_of(memories),
        edges=_edges_of(by_id, mine),
        scope=LinkScope(sources=[str(memory_id) for memory_id in by_id], types=EDGES_OF_MEMORIES),
    )
    require_written(outcome)


def _nodes_of(memories: Sequence[Memory]) -> list[Node]:
    """Return memories and their sessions, without a word: words are read under row-level security alone."""
    nodes = [
        Node(
            NodeLabel.MEMORY,
            str(memory.pk),
            {
                "kind": memory.role,
                "occurredAt": int(memory.occurred_at.timestamp() * 1000),
                "session": str(memory.session_id or ""),
            },
        )
        for memory in memories
    ]
    sessions = {session.pk for memory in memories if (session := _shared_session(memory)) is not None}
    return [*nodes, *(Node(NodeLabel.SESSION, str(pk), {"kind": "session"}) for pk in sorted(sessions))]


def _shared_session(memory: Memory) -> Session | None:
    """Return the memory's session unless it is private: it then stays out of the shared graph."""
    session = memory.session
    return session if session is not None and session.visibility == Visibility.WORKSPACE else None


def _edges_of(memories: Mapping[UUID, Memory], links: Sequence[Link]) -> list[Edge]:
    """Return what memories mention: also what a tool touched, where the session is private and cannot say so."""
    best: dict[tuple[str, str], Edge] = {}
    for link in sorted(links, key=lambda item: (item.confidence, item.how)):
        memory = memories[link.memory_id]
        if _is_of_session(memory, link):
            continue
        best[str(memory.pk), link.uid] = Edge(
            *(EdgeType.MENTIONS, NodeLabel.MEMORY, str(memory.pk), label_of_kind(link.kind), link.uid),
            {"how": link.how, "confidence": round(link.confidence, 3)},
        )
    return [best[key] for key in sorted(best)]


def _touched_of(memories: Sequence[Memory], links: Sequence[Link]) -> list[Edge]:
    """Return what tools touched in the sessions of memories, as these memories show it."""
    by_id = {memory.pk: memory for memory in memories}
    return [
        make_touched(session.pk, link.uid, link.kind, link.how, link.confidence)
        for link in links
        if (memory := by_id.get(link.memory_id)) and _is_of_session(memory, link) and (session := memory.session)
    ]


def _is_of_session(memory: Memory, link: Link) -> bool:
    return link.edge == MemoryLink.Edge.TOUCHED and _shared_session(memory) is not None
