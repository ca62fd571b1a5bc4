"""From accepted rows to memories, code objects, vectors, graph and links; every stage may run twice."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from graph.models import GraphQueue
from ingest.models import MemoryQueue
from processing.embedding_texts import embed_due
from processing.models import (
    CodeFile,
    CodeObject,
    Embedding,
    EmbedQueue,
    LinkQueue,
    Memory,
    MemoryLink,
    PatternQueue,
    Session,
)
from processing.sweeping import queue_unembedded
from supastate.queueing.claims import claim_rows
from supastate.queueing.models import Priority, Status
from supastate.queueing.stages import stage_of
from tests import pipeline
from tests.conftest import Member

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

SHOP = "def price(item):\n    return tax(item.net)\n\n\ndef tax(net):\n    return net * 1.2\n"
CART = """from shop import price


class Cart:
    def total(self):
        return sum(price(item) for item in self.items)
"""


def test_a_chunk_becomes_a_memory_with_its_session_and_the_rows_of_the_next_stages(ada: Member) -> None:
    row = pipeline.queue_chunk(ada, "We chose a MATERIALIZED CTE for the claim.", filePaths=["shop.py"])
    assert pipeline.store(ada) == 1
    with ada.scope():
        memory = Memory.objects.get()
        assert (memory.content, memory.role, memory.file_paths) == (
            "We chose a MATERIALIZED CTE for the claim.",
            "user",
            ["shop.py"],
        )
        assert memory.source_id == row.id
        assert Session.objects.get().key == "s1"
        assert MemoryQueue.objects.get().status == Status.COMPLETED
        assert EmbedQueue.objects.get().subject_id == memory.id
        assert LinkQueue.objects.get().memory_id == memory.id


def test_the_work_that_follows_is_as_urgent_as_the_row_it_came_from(ada: Member) -> None:
    slow, fast = pipeline.queue_chunk(ada, "One of a million."), pipeline.queue_chunk(ada, "Just said.")
    with ada.scope():
        MemoryQueue.objects.filter(pk=slow.pk).update(priority=Priority.BACKFILL)
    assert pipeline.store(ada) == 2
    with ada.scope():
        urgent = Memory.objects.get(source_id=fast.pk)
        for queue, subject in ((EmbedQueue, "subject_id"), (LinkQueue, "memory_id")):
            priorities = dict(queue.objects.values_list(subject, "priority"))
            assert priorities.pop(urgent.pk) == Priority.INTERACTIVE
            assert list(priorities.values()) == [Priority.BACKFILL]
    assert embed_due(workspace_id=ada.workspace.id, urgent=True) == 1
    assert embed_due(workspace_id=ada.workspace.id, urgent=True) == 0
    assert embed_due(workspace_id=ada.workspace.id) == 1


def test_storing_the_same_row_again_makes_no_second_memory(ada: Member) -> None:
    pipeline.queue_chunk(ada, "Once.")
    pipeline.store(ada)
    with ada.scope():
        MemoryQueue.objects.update(status=Status.PENDING)
    pipeline.store(ada)
    with ada.scope():
        assert Memory.objects.count() == 1
        assert EmbedQueue.objects.count() == 1


def test_an_unreadable_row_dies_alone(ada: Member) -> None:
    broken = pipeline.queue_chunk(ada, "broken")
    with ada.scope():
        MemoryQueue.objects.filter(pk=broken.pk).update(payload={"content": "no metadata"})
    pipeline.queue_chunk(ada, "whole")
    pipeline.store(ada)
    with ada.scope():
        assert Memory.objects.get().content == "whole"
        broken.refresh_from_db()
        assert (broken.status, broken.error_code) == (Status.DEAD, "unreadable_row")


def test_an_interactive_item_overtakes_a_backfill_in_every_stage(ada: Member) -> None:
    for number in range(2 * stage_of(MemoryQueue).claim_size):
        pipeline.queue_chunk(ada, f"Backfill {number}.", priority=Priority.BACKFILL)
    pipeline.store(ada)  # half of the backfill is ahead, waiting for its vectors and links
    pipeline.queue_chunk(ada, "What somebody waits for.")
    pipeline.store(ada)
    with ada.scope():
        wanted = Memory.objects.get(content="What somebody waits for.")
        for model, field in ((EmbedQueue, "subject_id"), (LinkQueue, "memory_id")):
            first, *others = claim_rows(model, workspace_id=ada.workspace.id, size=100).rows
            assert getattr(first, field) == wanted.id
            assert len(others) > 50


def test_a_changed_file_overtakes_a_backfill_on_its_way_into_the_graph(ada: Member) -> None:
    pipeline.queue_code(ada, {f"old_{number}.py": SHOP for number in range(5)}, priority=Priority.BACKFILL)
    pipeline.store(ada)
    pipeline.queue_code(ada, {"new.py": SHOP})
    pipeline.store(ada)
    with ada.scope():
        [row] = claim_rows(GraphQueue, workspace_id=ada.workspace.id, size=1).rows
        assert row.path == "new.py"
        urgencies = EmbedQueue.objects.values_list("priority", flat=True)
        assert sorted(urgencies) == [Priority.INTERACTIVE] * 3 + [Priority.BACKFILL] * 15


def test_a_text_is_embedded_once_and_a_changed_one_again_whoever_changed_it(ada: Member) -> None:
    pipeline.queue_chunk(ada, "The lease outlives the time limit.", session="s1")
    pipeline.queue_chunk(ada, "The lease outlives the time limit.", session="s2")
    pipeline.store(ada)
    assert pipeline.embed(ada) == 2
    with ada.scope():
        assert Embedding.objects.count() == 1
        assert set(Memory.objects.values_list("processing_status", flat=True)) == {"embedded"}
        with connection.cursor() as cursor:
            cursor.execute("UPDATE processing_memory SET content = 'Changed by SQL.' WHERE TRUE")
        assert set(Memory.objects.values_list("processing_status", flat=True)) == {"pending"}
    assert pipeline.embed(ada) == 2
    with ada.scope():
        hashes = set(Memory.objects.values_list("content_hash", flat=True))
        assert len(hashes) == 1
        assert Embedding.objects.filter(source_hash__in=hashes).count() == 1


def test_new_vectors_of_memories_ask_for_detection(ada: Member) -> None:
    pipeline.queue_chunk(ada, "How do I reset the local database?")
    pipeline.store(ada)
    pipeline.embed(ada)
    with ada.scope():
        job = PatternQueue.objects.get()
        assert (job.asked_by_ingest, job.status) == (True, Status.PENDING)


def test_a_long_text_gets_one_vector_a_chunk_that_cover_it(ada: Member) -> None:
    text = " ".join(f"Sentence number {n} about the queue." for n in range(300))
    pipeline.queue_chunk(ada, text)
    pipeline.store(ada)
    pipeline.embed(ada)
    with ada.scope():
        spans = list(Embedding.objects.order_by("chunk_no").values_list("start", "end"))
    assert len(spans) > 5
    assert (spans[0][0], spans[-1][1]) == (0, len(text))
    assert all(later[0] <= earlier[1] for earlier, later in pairwise(spans))


def test_a_text_changed_while_it_was_embedded_stays_pending(ada: Member, monkeypatch: Any) -> None:
    pipeline.queue_chunk(ada, "Before.")
    pipeline.store(ada)
    from processing import embedding_texts

    embed_texts = embedding_texts._embed_texts

    def change_meanwhile(*arguments: Any) -> Any:
        found = embed_texts(*arguments)
        with ada.scope():
            Memory.objects.filter(content="Before.").update(content="After.")
        return found

    monkeypatch.setattr(embedding_texts, "_embed_texts", change_meanwhile)
    embedding_texts.embed_due(workspace_id=ada.workspace.id)
    monkeypatch.undo()
    with ada.scope():
        assert Memory.objects.get().processing_status == "pending"
    pipeline.embed(ada)
    with ada.scope():
        assert Memory.objects.get().processing_status == "embedded"


def test_the_sweep_finds_a_text_changed_behind_every_triggers_back(ada: Member) -> None:
    pipeline.queue_chunk(ada, "Seen by the triggers.")
    pipeline.drain(ada)
    with ada.scope():
        memory = Memory.objects.get()
        Memory.objects.update(content_hash="0" * 64)
        EmbedQueue.objects.all().delete()
        Embedding.objects.all().delete()
    queue_unembedded()
    assert pipeline.embed(ada) == 1
    with ada.scope():
        assert Memory.objects.get().content_hash == memory.content_hash
        assert Embedding.objects.get().source_hash == memory.content_hash
    queue_unembedded()
    assert pipeline.embed(ada) == 0


def test_source_becomes_files_and_code_objects_whose_uids_the_graph_shares(ada: Member) -> None:
    pipeline.queue_code(ada, {"shop.py": SHOP, "cart.py": CART})
    pipeline.drain(ada)
    from graph.connection import graph_store

    with ada.scope():
        assert set(CodeFile.objects.values_list("path", "language")) == {
            ("shop.py", "python"),
            ("cart.py", "python"),
        }
        price = CodeObject.objects.get(name="price")
        assert (price.qualified_name, price.start_line, price.end_line) == ("shop.price", 1, 2)
    found = graph_store().callers(ada.workspace.id, price.uid)
    assert [item.entity.text("qualifiedName") for item in found.items] == ["cart.Cart.total"]


def test_going_there_and_back_ends_where_it_began_and_embeds_nothing_again(ada: Member) -> None:
    pipeline.queue_code(ada, {"shop.py": SHOP})
    pipeline.drain(ada)
    with ada.scope():
        before = set(CodeObject.objects.values_list("uid", "content_hash"))
        vectors = set(Embedding.objects.values_list("pk", flat=True))
    pipeline.queue_code(ada, {"shop.py": "def other():\n    pass\n"})
    pipeline.drain(ada)
    pipeline.queue_code(ada, {"shop.py": SHOP})
    pipeline.drain(ada)
    with ada.scope():
        assert set(CodeObject.objects.values_list("uid", "content_hash")) == before
        assert vectors <= set(Embedding.objects.values_list("pk", flat=True))
        assert set(CodeObject.objects.values_list("processing_status", flat=True)) == {"embedded"}


def test_an_older_revision_that_comes_late_changes_nothing(ada: Member) -> None:
    [first] = pipeline.queue_code(ada, {"shop.py": SHOP})
    pipeline.queue_code(ada, {"shop.py": None})
    with ada.scope():
        type(first).objects.filter(pk=first.pk).update(status=Status.COMPLETED)
    pipeline.store(ada)
    with ada.scope():
        type(first).objects.filter(pk=first.pk).update(status=Status.PENDING)
    pipeline.store(ada)
    with ada.scope():
        assert CodeFile.objects.count() == 0
        first.refresh_from_db()
        assert first.status == Status.COMPLETED


def test_a_deleted_file_leaves_rows_and_graph(ada: Member) -> None:
    from graph.connection import graph_store

    pipeline.queue_code(ada, {"shop.py": SHOP, "cart.py": CART})
    pipeline.drain(ada)
    with ada.scope():
        tax = CodeObject.objects.get(name="tax").uid
    pipeline.queue_code(ada, {"shop.py": None})
    pipeline.drain(ada)
    with ada.scope():
        assert list(CodeFile.objects.values_list("path", flat=True)) == ["cart.py"]
    assert graph_store().entity(ada.workspace.id, tax) is None


def test_what_does_not_parse_is_stored_marked_and_searchable(ada: Member) -> None:
    pipeline.queue_code(ada, {"broken.py": "def whole():\n    pass\n\ndef (((\n", "notes.xyz": "plain words"})
    pipeline.drain(ada)
    with ada.scope():
        marks = dict(CodeFile.objects.values_list("path", "marks"))
        assert marks == {"broken.py": ["parse_error"], "notes.xyz": ["unknown_language"]}
        assert CodeObject.objects.filter(name="whole").exists()


def test_a_conversation_is_linked_to_the_code_it_is_about_even_when_the_code_comes_later(ada: Member) -> None:
    pipeline.queue_chunk(ada, "Why does `Cart.total` call price? See cart.py.")
    pipeline.drain(ada)
    with ada.scope():
        assert MemoryLink.objects.count() == 0
    pipeline.queue_code(ada, {"shop.py": SHOP, "cart.py": CART})
    pipeline.drain(ada)
    with ada.scope():
        links = set(MemoryLink.objects.values_list("code_object__qualified_name", "how"))
    assert links == {("cart", "exact_path"), ("cart.Cart.total", "qualified_name")}


def test_links_never_reach_another_workspace(ada: Member, cleo: Member) -> None:
    pipeline.queue_code(cleo, {"cart.py": CART})
    pipeline.drain(cleo)
    pipeline.queue_chunk(ada, "Look at cart.py and `Cart.total`.")
    pipeline.drain(ada)
    with ada.scope():
        assert MemoryLink.objects.count() == 0
    with cleo.scope():
        assert Memory.objects.count() == 0
