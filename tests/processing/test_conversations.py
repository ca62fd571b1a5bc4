"""What sessions add to the graph: the order of their memories, and the files that tools touched in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.connection import graph_store
from graph.elements import EdgeType
from processing.linking.rebuilding import rebuild_project
from processing.models import CodeObject, CodeReference, LinkQueue, Memory, Session
from supastate.queueing.models import Status
from supastate.workspaces.models import Project
from tests import pipeline
from tests.conftest import Member

pytestmark = pytest.mark.usefixtures("falkordb_url", "talk")
SHOP = "def price(item):\n    return item.net\n"


def say(member: Member, text: str, minute: int, **metadata: object) -> None:
    pipeline.queue_chunk(member, text, timestamp=f"2026-11-20T10:{minute:02}:00+00:00", **metadata)
    while pipeline.store(member):
        pass
    pipeline.sync_graph(member)


def edit_shop(member: Member, minute: int) -> None:
    """As a transcript's line about a tool that edited the file."""
    pipeline.queue_chunk(member, f"Edited at {minute}.", timestamp=f"2026-11-20T10:{minute:02}:00+00:00")
    while pipeline.store(member):
        pass
    with member.scope():
        CodeReference.objects.create(
            workspace=member.workspace,
            memory=Memory.objects.get(content=f"Edited at {minute}."),
            kind=CodeReference.Kind.PATH,
            how=CodeReference.How.TOOL_EDIT,
            text="shop.py",
        )
    pipeline.sync_graph(member)


def find_memory(member: Member, text: str) -> str:
    with member.scope():
        return str(Memory.objects.get(content=text).pk)


def forget(member: Member, text: str) -> None:
    assert member.api.delete(f"/api/memories/{find_memory(member, text)}").status_code == 204
    pipeline.sync_graph(member)


def edges(member: Member, kind: EdgeType) -> int:
    with member.scope():
        project = Project.objects.get().pk
    return graph_store().counts(member.workspace.id, project=str(project)).edges.get(kind, 0)


def equals_a_rebuild(member: Member) -> bool:
    with member.scope():
        project = Project.objects.get().pk
    followed = graph_store().checksum(member.workspace.id, project=str(project))
    graph_store().delete_workspace(member.workspace.id)
    rebuild_project(workspace_id=member.workspace.id, project_id=project)
    return graph_store().checksum(member.workspace.id, project=str(project)) == followed


@pytest.fixture
def talk(ada: Member, embedding_model_dir: object) -> Iterator[None]:
    """A file, and two memories of one session."""
    pipeline.queue_code(ada, {"shop.py": SHOP})
    say(ada, "First.", 1)
    say(ada, "Third.", 3)
    yield
    graph_store().delete_workspace(ada.workspace.id)


def test_memories_lead_to_the_next_of_their_session_however_late_they_come(ada: Member) -> None:
    assert edges(ada, EdgeType.NEXT) == 1
    say(ada, "Second.", 2)
    assert edges(ada, EdgeType.NEXT) == 2
    say(ada, "Elsewhere.", 2, session="s2")
    assert edges(ada, EdgeType.NEXT) == 2
    assert equals_a_rebuild(ada)


def test_a_memory_that_goes_closes_the_gap(ada: Member) -> None:
    say(ada, "Second.", 2)
    forget(ada, "Second.")
    assert edges(ada, EdgeType.NEXT) == 1
    assert equals_a_rebuild(ada)


def test_a_memory_made_private_closes_the_gap(ada: Member) -> None:
    say(ada, "Second.", 2)
    ada.api.patch(f"/api/memories/{find_memory(ada, 'Second.')}", {"visibility": "private"})
    pipeline.sync_graph(ada)
    with ada.scope():
        shared = Project.objects.filter(visibility="workspace").get().pk
    counts = graph_store().counts(ada.workspace.id, project=str(shared))
    assert counts.edges[EdgeType.NEXT] == 1


def test_a_file_stays_touched_until_the_last_memory_of_it_goes(ada: Member) -> None:
    edit_shop(ada, 4)
    edit_shop(ada, 5)
    assert edges(ada, EdgeType.TOUCHED) == 1
    forget(ada, "Edited at 4.")
    assert edges(ada, EdgeType.TOUCHED) == 1
    forget(ada, "Edited at 5.")
    assert edges(ada, EdgeType.TOUCHED) == 0
    assert equals_a_rebuild(ada)


def test_a_session_leaves_the_graph_with_its_last_memory(ada: Member) -> None:
    with ada.scope():
        session = str(Session.objects.get().pk)
    forget(ada, "First.")
    assert graph_store().entity(ada.workspace.id, session) is not None
    forget(ada, "Third.")
    assert graph_store().entity(ada.workspace.id, session) is None
    with ada.scope():
        LinkQueue.objects.update(status=Status.PENDING)
    pipeline.sync_graph(ada)
    assert graph_store().entity(ada.workspace.id, session) is None


def test_a_touched_file_that_goes_keeps_its_session(ada: Member) -> None:
    edit_shop(ada, 4)
    with ada.scope():
        shop = CodeObject.objects.get(kind="file").uid
    pipeline.queue_code(ada, {"shop.py": None})
    while pipeline.store(ada):
        pass
    pipeline.sync_graph(ada)
    stone = graph_store().entity(ada.workspace.id, shop)
    assert stone is not None
    assert stone.deleted_at is not None
    assert edges(ada, EdgeType.TOUCHED) == 1
    assert equals_a_rebuild(ada)
