"""A memory that was deleted or made private leaves the graph, whatever runs beside it and in whatever order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from graph.connection import graph_store
from processing.linking import departures, linking
from processing.models import LinkQueue, Memory
from supastate.queueing.models import Status
from tests.conftest import Member
from tests.processing.memories.cast import NOTE, remember

pytestmark = pytest.mark.usefixtures("falkordb_url")


@pytest.fixture
def linked(ada: Member) -> dict[str, Any]:
    """A memory whose node is in the graph."""
    body = remember(ada, **NOTE)
    run_links(ada)
    assert is_in_graph(ada, body["id"])
    return body


def run_links(member: Member) -> None:
    while linking.link_due(workspace_id=member.workspace.pk):
        pass


def is_in_graph(member: Member, memory_id: str) -> bool:
    return graph_store().entity(member.workspace.pk, memory_id) is not None


def statuses(member: Member) -> set[str]:
    with member.scope():
        return set(LinkQueue.objects.values_list("status", flat=True))


def test_a_deleted_memory_leaves_the_graph(ada: Member, linked: dict[str, Any]) -> None:
    ada.api.delete(f"/api/memories/{linked['id']}")
    run_links(ada)
    assert not is_in_graph(ada, linked["id"])
    assert statuses(ada) == {Status.COMPLETED}


def test_a_memory_made_private_leaves_the_graph_and_comes_back(ada: Member, linked: dict[str, Any]) -> None:
    address = f"/api/memories/{linked['id']}"
    ada.api.patch(address, {"visibility": "private"})
    run_links(ada)
    assert not is_in_graph(ada, linked["id"])
    ada.api.patch(address, {"visibility": "workspace", "content": "again"})
    run_links(ada)
    assert is_in_graph(ada, linked["id"])


def test_a_departure_that_runs_late_does_not_remove_what_came_back(ada: Member, linked: dict[str, Any]) -> None:
    address = f"/api/memories/{linked['id']}"
    ada.api.patch(address, {"visibility": "private"})
    ada.api.patch(address, {"visibility": "workspace"})
    with ada.scope():
        LinkQueue.objects.filter(left_project=None, status=Status.PENDING).delete()
        assert LinkQueue.objects.filter(status=Status.PENDING).count() == 1
    run_links(ada)
    assert is_in_graph(ada, linked["id"])


def test_running_a_departure_twice_does_no_harm(ada: Member, linked: dict[str, Any]) -> None:
    ada.api.delete(f"/api/memories/{linked['id']}")
    run_links(ada)
    with ada.scope():
        LinkQueue.objects.update(status=Status.PENDING)
    run_links(ada)
    assert not is_in_graph(ada, linked["id"])
    assert statuses(ada) == {Status.COMPLETED}


def test_a_run_that_wrote_a_memory_deleted_meanwhile_asks_for_its_removal(
    ada: Member, linked: dict[str, Any]
) -> None:
    """As the link stage does: read, write the graph, and only then look whether the memory is still there."""
    project_id, memory_id = UUID(linked["project"]["id"]), UUID(linked["id"])
    with ada.scope():
        read = Memory.objects.get(pk=memory_id)
    ada.api.delete(f"/api/memories/{memory_id}")
    with ada.scope():
        LinkQueue.objects.all().delete()
        departures.ask_for_departures({project_id: [read]}, workspace_id=ada.workspace.pk)
        asked = LinkQueue.objects.values_list("memory_id", "left_project_id")
        assert list(asked) == [(memory_id, project_id)]
    run_links(ada)
    assert not is_in_graph(ada, linked["id"])
