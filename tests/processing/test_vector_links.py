"""What is said without a path or a name is linked to the code that its vectors are near to."""

from __future__ import annotations

from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from graph.connection import graph_store
from graph.elements import EdgeType
from graph.models import Tombstone
from graph.store import GraphStore
from processing.linking import linking
from processing.linking.rebuilding import rebuild_project
from processing.models import CodeObject, LinkQueue, Memory, MemoryLink
from supastate.queueing.models import Status
from supastate.workspaces.models import Project
from tests import pipeline
from tests.conftest import Member

pytestmark = pytest.mark.usefixtures("embedding_model_dir")

LINK = ("retry_request", "vector")
QUESTION = "How do we retry with exponential backoff when a request fails?"
RETRY = '''def retry_request(send, attempts):
    """Retry a failed request with exponential backoff."""
    for attempt in range(attempts):
        try:
            return send()
        except ConnectionError:
            time.sleep(2 ** attempt)
'''
PALETTE = '''def mix_colours(first, second):
    """Mix two colours of a palette."""
    return [(a + b) / 2 for a, b in zip(first, second)]
'''


def bring(member: Member, files: dict[str, str | None]) -> None:
    pipeline.queue_code(member, files)
    pipeline.drain(member)


def say(member: Member, text: str = QUESTION, **metadata: Any) -> None:
    pipeline.queue_chunk(member, text, **metadata)
    pipeline.drain(member)


def links(member: Member) -> list[tuple[str, str]]:
    """Return (name of the code, how) of every link."""
    with member.scope():
        found = MemoryLink.objects.order_by("code_object__name", "how")
        return list(found.values_list("code_object__name", "how"))


def edges(member: Member) -> int:
    """Count the links in the shared graph, which must be what a rebuild of it gives."""
    with member.scope():
        project = str(Project.objects.get(visibility="workspace").pk)
    counts = graph_store().counts(member.workspace.id, project=project)
    followed = graph_store().checksum(member.workspace.id, project=project)
    graph_store().delete_workspace(member.workspace.id)
    rebuild_project(workspace_id=member.workspace.id, project_id=UUID(project))
    assert graph_store().checksum(member.workspace.id, project=project) == followed
    call_command("audit", stdout=StringIO())
    return counts.edges.get(EdgeType.MENTIONS, 0)


def memory_id(member: Member) -> str:
    with member.scope():
        return str(Memory.objects.get().pk)


def test_a_question_is_linked_to_the_code_it_is_about(ada: Member, store: GraphStore) -> None:
    bring(ada, {"net.py": RETRY, "art.py": PALETTE})
    say(ada)
    assert links(ada) == [LINK]
    assert edges(ada) == 1
    with ada.scope():
        code, link = CodeObject.objects.get(name="retry_request"), MemoryLink.objects.get()
    assert 0.4 < link.confidence <= 0.45  # a name that one definition alone can mean has 0.6
    reason = {"edge": "mentions", "how": "vector", "confidence": round(link.confidence, 3)}
    [talk] = ada.api.get(f"/api/graph/entities/{code.uid}/memories").json()["items"]
    [about] = ada.api.get(f"/api/memories/{memory_id(ada)}/code").json()["items"]
    [mentioned] = store.memories_of(ada.workspace.id, code.uid).items
    assert reason.items() <= talk.items()
    assert reason.items() <= about.items()
    assert (mentioned.method, mentioned.confidence) == ("vector", reason["confidence"])


def test_code_that_comes_later_than_the_talk_is_found(ada: Member, store: GraphStore) -> None:
    say(ada)
    assert links(ada) == []
    bring(ada, {"art.py": PALETTE})
    assert links(ada) == []
    bring(ada, {"net.py": RETRY})
    assert links(ada) == [LINK]
    assert edges(ada) == 1


def test_the_order_of_the_stages_does_not_matter(ada: Member, store: GraphStore) -> None:
    pipeline.queue_code(ada, {"net.py": RETRY})
    pipeline.queue_chunk(ada, QUESTION)
    while pipeline.store(ada):
        pass
    pipeline.embed(ada)
    while linking.link_due(workspace_id=ada.workspace.id):
        pass
    assert links(ada) == [LINK]  # before the code is in the graph
    pipeline.sync_graph(ada)
    assert edges(ada) == 1


def test_a_memory_is_asked_for_once_while_its_row_waits(ada: Member, store: GraphStore) -> None:
    bring(ada, {"net.py": RETRY})
    pipeline.queue_chunk(ada, QUESTION)
    while pipeline.store(ada):
        pass
    pipeline.embed(ada)
    with ada.scope():
        assert LinkQueue.objects.filter(status=Status.PENDING).count() == 1


def test_linking_twice_changes_nothing(ada: Member, store: GraphStore) -> None:
    bring(ada, {"net.py": RETRY})
    say(ada)
    with ada.scope():
        LinkQueue.objects.update(status=Status.PENDING)
    pipeline.drain(ada)
    assert links(ada) == [LINK]
    assert edges(ada) == 1


@pytest.mark.parametrize(
    ("text", "role"),
    [("retry request", "user"), (QUESTION, "tool"), ("What is for lunch on Friday, then?", "user")],
)
def test_what_means_little_or_something_else_is_linked_to_nothing(
    ada: Member, falkordb_url: str, text: str, role: str
) -> None:
    bring(ada, {"net.py": RETRY})
    say(ada, text, messageType=role)
    assert links(ada) == []


def test_a_link_by_name_takes_the_place_of_one_by_vectors(ada: Member, store: GraphStore) -> None:
    bring(ada, {"net.py": RETRY})
    say(ada, f"{QUESTION} With a BackoffPolicy?")
    assert links(ada) == [LINK]
    bring(ada, {"policy.py": "class BackoffPolicy:\n    pass\n"})
    assert links(ada) == [("BackoffPolicy", "identifier")]
    assert edges(ada) == 1
    bring(ada, {"policy.py": None})  # what is left of it is still what was meant
    assert links(ada) == []
    assert edges(ada) == 1


def test_a_memory_follows_the_code_that_is_nearest(ada: Member, store: GraphStore) -> None:
    bring(ada, {"old.py": RETRY})
    say(ada)
    [before] = names(ada)
    bring(ada, {"old.py": PALETTE.replace("mix_colours", "retry_request")})  # the same entity, about other things
    assert links(ada) == []
    bring(ada, {"old.py": RETRY, "new.py": RETRY})
    assert before in names(ada)
    bring(ada, {"old.py": None})
    assert names(ada) == ["new.retry_request"]
    assert edges(ada) == 1


def names(member: Member) -> list[str]:
    with member.scope():
        return list(MemoryLink.objects.values_list("code_object__qualified_name", flat=True))


def test_code_that_only_vectors_led_to_goes_without_a_trace(ada: Member, store: GraphStore) -> None:
    bring(ada, {"net.py": RETRY, "art.py": PALETTE})
    say(ada)
    bring(ada, {"net.py": None})
    assert links(ada) == []
    assert edges(ada) == 0
    with ada.scope():
        assert not Tombstone.objects.exists()


def test_a_memory_made_private_or_deleted_takes_its_link_along(ada: Member, store: GraphStore) -> None:
    bring(ada, {"net.py": RETRY})
    say(ada)
    address = f"/api/memories/{memory_id(ada)}"
    ada.api.patch(address, {"visibility": "private"})
    pipeline.drain(ada)
    assert links(ada) == []  # its private project has no code
    assert edges(ada) == 0
    ada.api.patch(address, {"visibility": "workspace"})
    pipeline.drain(ada)
    assert links(ada) == [LINK]
    ada.api.delete(address)
    pipeline.drain(ada)
    assert links(ada) == []
    assert edges(ada) == 0


def test_other_words_lead_to_other_code(ada: Member, falkordb_url: str) -> None:
    bring(ada, {"net.py": RETRY, "art.py": PALETTE})
    say(ada)
    address = f"/api/memories/{memory_id(ada)}"
    ada.api.patch(address, {"content": "How do we mix two colours of a palette?"})
    pipeline.drain(ada)
    assert links(ada) == [("mix_colours", "vector")]
    ada.api.patch(address, {"content": "Something else that was said on Friday."})
    pipeline.drain(ada)
    assert links(ada) == []


def test_neither_another_project_nor_another_workspace_is_reached(
    ada: Member, cleo: Member, falkordb_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(cleo, {"net.py": RETRY})
    monkeypatch.setattr(pipeline, "REMOTE", "git@example.org:acme/other.git")
    bring(ada, {"net.py": RETRY})
    monkeypatch.undo()
    bring(ada, {"art.py": PALETTE})
    say(ada)
    assert links(ada) == []
    assert links(cleo) == []
