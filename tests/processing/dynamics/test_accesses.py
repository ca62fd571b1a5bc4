"""The access log: written in batches, off the reader's path, only of what is there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from processing.dynamics import accesses
from processing.dynamics.accesses import note_accesses, write_accesses
from processing.models import MemoryAccess
from tests.conftest import Member, make_member
from tests.processing.memories.cast import remember


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    """Forget what other tests read; the tests' settings start no writer, which could not see their rows."""
    accesses._pending.clear()
    yield
    accesses._pending.clear()


def test_reading_a_memory_is_noted_with_its_reader(ada: Member, ben: Member) -> None:
    memory_id = remember(ada)["id"]
    assert ben.api.get(f"/api/memories/{memory_id}").status_code == 200
    assert write_accesses() == 1
    assert write_accesses() == 0
    with ada.scope():
        access = MemoryAccess.objects.get()
        assert (str(access.memory_id), access.reader_id, access.way) == (memory_id, ben.user.id, "read")


def test_the_first_answers_of_a_search_and_a_contexts_memories_are_noted(ada: Member) -> None:
    for number in range(12):
        remember(ada, f"the claim keeps its lease, note {number}")
    assert len(ada.api.get("/api/search/memories?q=lease").json()["results"]) == 12
    assert write_accesses() == 10
    messages = ada.api.post("/api/context", {"query": "lease"}).json()["messages"]
    assert write_accesses() == len(messages) > 0
    with ada.scope():
        assert set(MemoryAccess.objects.values_list("way", flat=True)) == {"search", "context"}


def test_the_writer_writes_what_is_left_before_it_ends(committed: None) -> None:
    dora = make_member("west", "dora")
    memory_id = remember(dora)["id"]
    dora.api.get(f"/api/memories/{memory_id}")
    ending = threading.Event()
    ending.set()
    writer = threading.Thread(target=accesses._write_often, args=(ending,))
    writer.start()
    writer.join()
    with dora.scope():
        assert MemoryAccess.objects.count() == 1


def test_what_is_not_found_is_not_noted(ada: Member, cleo: Member) -> None:
    memory_id = remember(ada)["id"]
    assert cleo.api.get(f"/api/memories/{memory_id}").status_code == 404
    assert write_accesses() == 0


def test_a_memory_that_is_gone_costs_the_others_nothing(ada: Member) -> None:
    memory_id = UUID(remember(ada)["id"])
    for wanted in (uuid4(), memory_id):
        note_accesses([wanted], workspace_id=ada.workspace.id, reader=ada.user.id, way="search")
    write_accesses()
    with ada.scope():
        assert [access.memory_id for access in MemoryAccess.objects.all()] == [memory_id]


def test_a_log_that_nobody_writes_stays_bounded(ada: Member) -> None:
    many = [uuid4() for _ in range(accesses.MOST_PENDING + 5)]
    note_accesses(many, workspace_id=ada.workspace.id, reader=ada.user.id, way="search")
    assert len(accesses._pending) == accesses.MOST_PENDING
