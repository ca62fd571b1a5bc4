"""The audit passes on what the pipeline made, and names each thing that was broken behind its back."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from graph.connection import graph_store
from graph.writers import current_epoch
from ingest.models import Batch, MemoryQueue
from processing.models import CodeObject, Embedding, EmbedQueue, Memory, MemoryLink
from supastate.queueing.models import Status
from supastate.queueing.stages import all_stages
from supastate.queueing.statements import render_statement
from supastate.workspaces.models import Project
from tests import pipeline
from tests.conftest import Member
from tests.ingest import sending

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")
SHOP = "def price(item):\n    return tax(item.net)\n\n\ndef tax(net):\n    return net * 1.2\n"


@pytest.fixture
def shop(ada: Member) -> Any:
    """Ada's shop, accepted over HTTP in one batch and by hand, drained to the end."""
    project = {"remote": pipeline.REMOTE, "path": "/src/shop"}
    sending.send_chunks(ada, sending.make_chunk("`price` calls `tax`, see shop.py."), project=project)
    pipeline.queue_code(ada, {"shop.py": SHOP})
    pipeline.queue_chunk(ada, "A long talk of shop.py. " * 120, filePaths=["shop.py"])
    pipeline.drain(ada)
    yield ada
    graph_store().delete_workspace(ada.workspace.id)


def audit(member: Member) -> dict[tuple[str, str], tuple[str, str]]:
    """Return {(check, subject): (verdict, detail)} and see that the status tells the same."""
    out = StringIO()
    passed = False
    with suppress(CommandError):
        call_command("audit", workspace=member.workspace.slug, json=True, stdout=out)
        passed = True
    answer = json.loads(out.getvalue())
    assert answer["passed"] is passed
    return {(f["check"], f["subject"]): (f["verdict"], f["detail"]) for f in answer["findings"]}


def failures(member: Member) -> set[str]:
    return {check for (check, _), (verdict, _) in audit(member).items() if verdict == "failed"}


def test_what_the_pipeline_made_passes_every_check(shop: Member) -> None:
    found = audit(shop)
    assert {verdict for verdict, _ in found.values()} == {"ok"}
    assert {check for check, _ in found} == {
        *("batch_ledger", "batch_rows", "overdue_leases", "dead_without_reason", "vectors_complete"),
        *("vectors_sound", "vectors_once", "vectors_kept", "graph_equals_facts", "mentions"),
    }
    assert len([1 for check, _ in found if check == "overdue_leases"]) == len(all_stages())
    [mentions] = [detail for (check, _), (_, detail) in found.items() if check == "mentions"]
    assert mentions == "4 in Postgres, 4 in the graph"  # price, tax and shop.py; shop.py


def test_an_empty_workspace_passes_and_another_one_is_not_read(shop: Member, cleo: Member) -> None:
    with shop.scope():
        Batch.objects.update(rejected=F("rejected") + 1)
    assert failures(cleo) == set()
    assert failures(shop) == {"batch_ledger"}


def test_a_row_that_was_acknowledged_and_is_gone_fails_the_ledger(shop: Member) -> None:
    with shop.scope():
        batch = Batch.objects.get()
        MemoryQueue.objects.filter(batch_id=batch.pk).delete()
    found = audit(shop)
    assert found["batch_rows", ""] == ("failed", f"1: {batch.pk}")


def test_a_row_in_work_past_its_lease_fails_and_one_within_the_grace_does_not(shop: Member) -> None:
    now = timezone.now()
    with shop.scope():
        row = EmbedQueue.objects.order_by("pk").first()
        assert row is not None
        mine = EmbedQueue.objects.filter(pk=row.pk)
        mine.update(status=Status.PROCESSING, lease_until=now - timedelta(seconds=60), lease_token=uuid4())
    assert failures(shop) == set()
    with shop.scope():
        mine.update(lease_until=now - timedelta(days=1))
    assert audit(shop)["overdue_leases", "embed"] == ("failed", f"1: {row.pk}")


def test_a_dead_row_must_say_why(shop: Member) -> None:
    with shop.scope():
        EmbedQueue.objects.update(status=Status.DEAD, error_code="bad_input", error_detail="Too long.")
    assert failures(shop) == set()
    with shop.scope():
        EmbedQueue.objects.update(error_detail="")
    assert failures(shop) == {"dead_without_reason"}


@pytest.mark.parametrize("chunk", ["first", "middle", "last"])
def test_an_embedded_text_with_a_chunk_missing_fails(shop: Member, chunk: str) -> None:
    with shop.scope():
        long = Memory.objects.get(content__startswith="A long talk")
        chunks = Embedding.objects.filter(source_hash=long.content_hash).order_by("chunk_no")
        assert len(chunks) >= 3
        chunks[{"first": 0, "middle": 1, "last": len(chunks) - 1}[chunk]].delete()
    found = audit(shop)
    [(verdict, detail)] = [value for (check, _), value in found.items() if check == "vectors_complete"]
    assert (verdict, detail) == ("failed", f"1: memory {long.pk}")


def test_a_text_whose_vectors_are_of_its_earlier_words_fails_and_those_are_counted_as_kept(shop: Member) -> None:
    with shop.scope():
        Memory.objects.filter(content__startswith="`price`").update(content="Other words.")
    found = audit(shop)
    assert {verdict for verdict, _ in found.values()} == {"ok"}  # the trigger has queued it again
    assert found["vectors_kept", ""] == ("ok", "1 of earlier texts, kept on purpose")
    with shop.scope():
        Memory.objects.update(processing_status="embedded")
    assert failures(shop) == {"vectors_complete"}


def test_a_vector_of_another_dimension_or_past_its_text_fails(shop: Member) -> None:
    with shop.scope():
        vector = Embedding.objects.first()
        assert vector is not None
        Embedding.objects.filter(pk=vector.pk).update(vector=[0.5] * 8)
    assert failures(shop) == {"vectors_sound"}
    with shop.scope():
        Embedding.objects.filter(pk=vector.pk).update(vector=vector.vector, end=vector.end + 1_000_000)
    assert failures(shop) == {"vectors_sound"}


def test_a_damaged_and_a_wiped_graph_fail_until_they_are_rebuilt(shop: Member) -> None:
    with shop.scope():
        project = Project.objects.get()
        tax = CodeObject.objects.get(name="tax").uid
    workspace_id = shop.workspace.id
    epoch = current_epoch(workspace_id=workspace_id, project_id=project.pk)
    graph_store().delete_entities(workspace_id, project=str(project.pk), epoch=epoch, uids=[tax])
    assert failures(shop) == {"graph_equals_facts", "mentions"}
    graph_store().delete_workspace(workspace_id)
    assert failures(shop) == {"graph_equals_facts", "mentions"}
    call_command("rebuild_graph", workspace="north", stdout=StringIO())
    assert failures(shop) == set()


def test_a_project_whose_rows_are_still_queued_is_not_judged(shop: Member) -> None:
    pipeline.queue_code(shop, {"shop.py": SHOP.replace("tax", "duty")})
    pipeline.store(shop)
    found = audit(shop)
    verdicts = {check: verdict for (check, _), (verdict, _) in found.items()}
    assert (verdicts["graph_equals_facts"], verdicts["mentions"]) == ("waiting", "waiting")


def test_links_that_the_graph_does_not_hold_fail(shop: Member) -> None:
    with shop.scope():
        MemoryLink.objects.filter(code_object__name="tax").delete()
    [detail] = [found for (check, _), found in audit(shop).items() if check == "mentions"]
    assert detail == ("failed", "3 in Postgres, 4 in the graph")


def test_the_table_has_a_line_for_each_finding(shop: Member) -> None:
    out = StringIO()
    call_command("audit", stdout=out)
    heading, *lines = out.getvalue().splitlines()
    assert re.split(r"  +", heading) == ["WORKSPACE", "CHECK", "SUBJECT", "VERDICT", "DETAIL"]
    assert len(lines) == 8 + 2 * len(all_stages())
    assert all(line.startswith("north  ") and "  OK" in line for line in lines)


@pytest.mark.parametrize("name", ["overdue_leases", "dead_without_reason"])
def test_rows_in_trouble_are_found_by_index_in_every_queue(ada: Member, name: str) -> None:
    for stage in all_stages():
        with ada.scope(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                f"EXPLAIN {render_statement(name, stage.table)}", {"workspace": ada.workspace.id, "grace": 1}
            )
            assert "Index" in "\n".join(row[0] for row in cursor.fetchall())
