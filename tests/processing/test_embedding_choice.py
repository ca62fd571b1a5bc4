"""A workspace without embeddings: words find everything, nothing waits, nothing is asked; on and off again."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from processing import embedding_choice, embedding_models
from processing.embedding_choice import choose_embeddings, follow_choice
from processing.filling import fill_model
from processing.models import CodeObject, Embedding, EmbedQueue, Memory
from processing.providers import ModelSpec, forget_provider
from processing.sweeping import queue_unembedded
from supastate.workspaces.models import Workspace
from tests import pipeline
from tests.conftest import Member
from tests.ingest import sending
from tests.studio.conftest import address, sign_in

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

TEXTS = ("Leases outlive the task.", "Deploys happen on Tuesdays.", "The cat sleeps.")


@pytest.fixture
def quiet(ada: Member, settings: Any) -> Any:
    """Ada's workspace without embeddings. Any call of a provider would fail."""
    choose_embeddings(ada.workspace.pk, enabled=False)
    settings.EMBEDDING_MODEL_DIR = Path("/nonexistent")
    forget_provider()
    yield ada
    forget_provider()


def fill_workspace(member: Member) -> dict[str, Any]:
    receipt = sending.send_chunks(member, *(sending.make_chunk(text) for text in TEXTS))
    pipeline.queue_code(member, {"shop.py": "def price(item):\n    return item.net\n"})
    while pipeline.store(member):
        pass
    pipeline.embed(member)
    pipeline.sync_graph(member)
    return dict(receipt)


def statuses(member: Member) -> set[str]:
    with member.scope():
        return {
            *Memory.objects.values_list("processing_status", flat=True),
            *CodeObject.objects.values_list("processing_status", flat=True),
        }


def find(member: Member, query: str) -> dict[str, Any]:
    answer: dict[str, Any] = member.api.get("/api/search", {"q": query, "explain": "true"}).json()
    return answer


def audit(member: Member) -> None:
    call_command("audit", workspace=member.workspace.slug, stdout=StringIO())


def test_everything_is_found_by_words_and_nothing_waits_or_is_degraded(quiet: Member) -> None:
    receipt = fill_workspace(quiet)
    assert statuses(quiet) == {"text_only"}
    found = find(quiet, "tuesdays")
    assert [result["snippet"] for result in found["results"]] == ["Deploys happen on Tuesdays"]
    assert (found["pending"], "degraded" in found) == (0, False)
    assert found["results"][0]["source"]["processingStatus"] == "text_only"
    with quiet.scope():
        assert (EmbedQueue.objects.count(), Embedding.objects.count()) == (0, 0)
    batch = quiet.api.get(f"/api/ingest/batches/{receipt['batchId']}").json()
    assert batch["done"] is True
    audit(quiet)


def test_the_context_is_assembled_from_words(quiet: Member) -> None:
    fill_workspace(quiet)
    answer = quiet.api.post("/api/context", {"query": "tuesdays"}, format="json").json()
    assert any("Tuesdays" in message["content"] for message in answer["messages"])
    assert "degraded" not in answer


def test_a_change_stays_text_only_and_is_found_by_its_new_words(quiet: Member) -> None:
    fill_workspace(quiet)
    with quiet.scope(), connection.cursor() as cursor:
        cursor.execute("UPDATE processing_memory SET content = 'Zanzibar.' WHERE content = 'The cat sleeps.'")
    assert statuses(quiet) == {"text_only"}
    assert find(quiet, "zanzibar")["results"]
    queue_unembedded()
    with quiet.scope():
        assert not EmbedQueue.objects.exists()


def test_turned_on_everything_is_queued_and_embedded_and_a_second_run_queues_nothing_more(
    quiet: Member, settings: Any, embedding_model_dir: Path, monkeypatch: Any
) -> None:
    fill_workspace(quiet)
    settings.EMBEDDING_MODEL_DIR = embedding_model_dir
    forget_provider()
    for module in (embedding_choice, embedding_models):
        monkeypatch.setattr(module, "SLICE_ROWS", 2)
    choose_embeddings(quiet.workspace.pk, enabled=True)
    assert follow_choice(quiet.workspace.pk, slices=1) == 4  # cut off after two memories and two code objects
    out = StringIO()
    call_command("workspace_embeddings", "on", quiet.workspace.slug, stdout=out)
    with quiet.scope():
        texts = Memory.objects.count() + CodeObject.objects.count()
        assert EmbedQueue.objects.count() == texts
    follow_choice(quiet.workspace.pk)
    with quiet.scope():
        assert EmbedQueue.objects.count() == texts
    assert statuses(quiet) == {"pending"}
    pipeline.embed(quiet)
    assert statuses(quiet) == {"embedded"}
    assert find(quiet, "when do we release")["results"][0]["explain"]["vector"]
    audit(quiet)


def test_turned_off_what_waits_is_done_and_the_vectors_stay_for_the_way_back(ada: Member) -> None:
    fill_workspace(ada)
    pipeline.queue_chunk(ada, "Late, and never embedded.")
    while pipeline.store(ada):
        pass
    with ada.scope():
        before = Embedding.objects.count()
    call_command("workspace_embeddings", "off", ada.workspace.slug, stdout=StringIO())
    pipeline.embed(ada)
    assert statuses(ada) == {"text_only"}
    with ada.scope():
        assert set(EmbedQueue.objects.values_list("status", flat=True)) == {"completed"}
        assert Embedding.objects.count() == before
    assert all(result["explain"]["vector"] is None for result in find(ada, "leases")["results"])
    audit(ada)
    call_command("workspace_embeddings", "on", ada.workspace.slug, stdout=StringIO())
    assert statuses(ada) == {"embedded", "pending"}
    assert pipeline.embed(ada) == 1  # the late one; the others had theirs
    assert statuses(ada) == {"embedded"}


def test_turned_off_the_vectors_can_be_deleted(ada: Member, cleo: Member) -> None:
    fill_workspace(ada)
    fill_workspace(cleo)
    out = StringIO()
    call_command("workspace_embeddings", "off", ada.workspace.slug, delete_vectors=True, stdout=out)
    with ada.scope():
        assert not Embedding.objects.exists()
    with cleo.scope():
        assert Embedding.objects.exists()
    assert "vectors are deleted" in out.getvalue()
    audit(ada)


def test_a_workspace_without_embeddings_holds_up_no_change_of_model(quiet: Member) -> None:
    fill_workspace(quiet)
    added = embedding_models.add_model(ModelSpec("openai", "tiny", 16))
    assert fill_model(added.name, say=lambda _: None).left == 0
    embedding_models.activate(added.name)
    audit(quiet)


def test_people_choose_it_in_studio(ada: Member, django_capture_on_commit_callbacks: Any) -> None:
    fill_workspace(ada)
    studio = sign_in(ada.user, superuser=True)
    form = {"name": "North", "slug": "north"}  # an unchecked box is absent
    with django_capture_on_commit_callbacks(execute=True):
        assert studio.post(address(Workspace, "change", ada.workspace.pk), form).status_code == 302
    assert statuses(ada) == {"text_only"}
    with django_capture_on_commit_callbacks(execute=True):
        studio.post(address(Workspace, "change", ada.workspace.pk), form | {"embeddings_enabled": "on"})
    assert statuses(ada) == {"embedded"}


def test_a_workspace_is_made_without_embeddings(db: None) -> None:
    call_command("create_workspace", "mute", no_embeddings=True, stdout=StringIO())
    call_command("create_workspace", "loud", stdout=StringIO())
    assert dict(Workspace.objects.values_list("slug", "embeddings_enabled")) == {"mute": False, "loud": True}


def test_vectors_are_not_deleted_while_they_are_made(ada: Member) -> None:
    with pytest.raises(CommandError, match="goes with off"):
        call_command("workspace_embeddings", "on", ada.workspace.slug, delete_vectors=True)
