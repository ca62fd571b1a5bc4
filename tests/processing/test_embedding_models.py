"""A change of the embedding model: filled beside the live one, flipped, flipped back, retired; searches go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from processing import embedding_models, filling
from processing.embedding_models import activate, add_model, live_models, measure_coverage, queue_missing, retire
from processing.embedding_texts import embed_due
from processing.filling import describe_progress, fill_model
from processing.models import Embedding, EmbeddingModel, EmbedQueue, Memory, MemoryLink, ProcessingStatus
from processing.providers import ModelSpec, forget_provider
from supastate.errors import ConfigurationError, InvalidInputError, NotFoundError, TransientError
from supastate.startup import require_key_of_models
from supastate.workspaces.models import Workspace
from tests import pipeline
from tests.conftest import Member
from tests.fakes.behaviours import Status
from tests.fakes.openai_server import FakeOpenAIServer, openai_server

__all__ = ["openai_server"]
pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

LOCAL = "local/all-MiniLM-L6-v2"
NEW = "openai/tiny@16"
SPEC = ModelSpec("openai", "tiny", 16)
LEASES = "def outlive(task):\n    return task.lease  # leases outlive the task\n"
TEXTS = ("Leases outlive the task.", "Deploys happen on Tuesdays.", "Deploys happen on Tuesdays.")


@pytest.fixture(autouse=True)
def provider(openai_server: FakeOpenAIServer, settings: Any, monkeypatch: Any) -> Iterator[FakeOpenAIServer]:
    settings.OPENAI_API_KEY = "test"
    settings.OPENAI_BASE_URL = openai_server.base_url
    monkeypatch.setattr("processing.filling.LOOK_SECONDS", 0.0)
    forget_provider()
    yield openai_server
    forget_provider()


@pytest.fixture
def talk(ada: Member) -> Member:
    for number, text in enumerate(TEXTS):
        pipeline.queue_chunk(ada, text, chunk=number)
    pipeline.queue_code(ada, {"shop.py": "def price(item):\n    return item.net\n"})
    pipeline.drain(ada)
    return ada


def count_vectors(member: Member) -> dict[str, int]:
    with member.scope():
        found = Embedding.objects.values_list("model", flat=True)
        return {name: list(found).count(name) for name in set(found)}


def find(member: Member, text: str) -> dict[str, Any]:
    body: dict[str, Any] = member.api.get("/api/search/memories", {"q": text, "explain": "true"}).json()
    assert body.get("degraded") is None
    return body


def states() -> dict[str, str]:
    return dict(EmbeddingModel.objects.values_list("name", "state"))


def fill_model_now(member: Member) -> str:
    name = add_model(SPEC).name
    fill_model(name, say=lambda _: pipeline.embed(member))
    return name


def test_the_settings_name_the_first_model_and_nothing_after_it(talk: Member, settings: Any) -> None:
    assert states() == {LOCAL: "active"}
    settings.EMBEDDING_PROVIDER = "openai"
    forget_provider()
    assert [model.name for model in live_models()] == [LOCAL]
    assert find(talk, "leases")["results"]


def test_a_model_is_filled_beside_the_live_one_then_searched_then_undone(talk: Member) -> None:
    name = add_model(SPEC).name
    assert measure_coverage(name, Workspace.objects.all()).left == count_vectors(talk)[LOCAL]
    lines: list[str] = []

    def work(line: str) -> None:
        lines.append(line)
        assert find(talk, "when do we deploy")["results"][0]["explain"]["vector"]
        pipeline.embed(talk)

    fill_model(name, say=work)
    assert (len(lines), " 0 % " in lines[0].replace("%", " % "), "100%" in lines[-1]) == (2, True, True)
    assert count_vectors(talk)[NEW] == count_vectors(talk)[LOCAL]
    assert activate(name) == LOCAL
    assert states() == {LOCAL: "filling", NEW: "active"}
    assert find(talk, "deploys")["results"][0]["explain"]["vector"]
    with talk.scope():
        assert {
            len(vector) for vector in Embedding.objects.filter(model=NEW).values_list("vector", flat=True)
        } == {16}
    pipeline.queue_chunk(talk, "It came after the flip.")
    pipeline.drain(talk)
    assert count_vectors(talk)[NEW] == count_vectors(talk)[LOCAL]  # so that the way back is one flip
    assert activate(LOCAL) == NEW
    assert find(talk, "flip")["results"][0]["explain"]["vector"]
    assert retire(NEW) == count_vectors(talk)[LOCAL]
    assert count_vectors(talk).keys() == {LOCAL}
    call_command("audit", stdout=StringIO())


def test_links_rest_on_the_vectors_of_the_active_model_alone(talk: Member) -> None:
    """Of the new model nobody has measured how near is near enough: its vectors link nothing."""
    pipeline.queue_code(talk, {"leases.py": LEASES})
    pipeline.drain(talk)
    assert count_links(talk) == 1
    activate(fill_model_now(talk))
    pipeline.drain(talk)
    assert count_links(talk) == 0
    activate(LOCAL)
    pipeline.drain(talk)
    assert count_links(talk) == 1


def count_links(member: Member) -> int:
    with member.scope():
        return MemoryLink.objects.filter(how="vector").count()


def test_an_incomplete_model_is_not_searched_and_the_searched_one_not_retired(talk: Member) -> None:
    name = add_model(SPEC).name
    with pytest.raises(InvalidInputError, match="have no vectors"):
        activate(name)
    with pytest.raises(InvalidInputError, match="activate another"):
        retire(LOCAL)
    with pytest.raises(NotFoundError):
        activate("openai/nobody@3")
    assert states() == {LOCAL: "active", NEW: "filling"}


def test_what_arrives_while_a_model_is_filled_gets_both_vectors(talk: Member) -> None:
    add_model(SPEC)
    pipeline.queue_chunk(talk, "Late, but in time.")
    pipeline.store(talk)
    pipeline.embed(talk)
    with talk.scope():
        late = Memory.objects.get(content="Late, but in time.")
        assert late.processing_status == ProcessingStatus.EMBEDDED
        models = set(Embedding.objects.filter(source_hash=late.content_hash).values_list("model", flat=True))
    assert models == {LOCAL, NEW}


def test_an_outage_of_the_new_provider_holds_up_nothing_of_the_live_one(
    talk: Member, provider: FakeOpenAIServer
) -> None:
    add_model(SPEC)
    provider.always(Status(503))
    pipeline.queue_chunk(talk, "The old model knows this.")
    pipeline.store(talk)
    pipeline.embed(talk)
    assert find(talk, "knows")["pending"] == 0
    with talk.scope():
        waiting = EmbedQueue.objects.exclude(model="").get()
    assert (waiting.model, waiting.status, waiting.error_code) == (NEW, "pending", "provider_unavailable")


def test_queueing_twice_queues_nothing_more_and_slices_are_bounded(talk: Member) -> None:
    name = add_model(SPEC).name
    workspace_id = talk.workspace.pk
    assert queue_missing(name, workspace_id=workspace_id, asked=name, most=2) == 2
    assert queue_missing(name, workspace_id=workspace_id, asked=name, most=2) == 2
    everything = queue_missing(name, workspace_id=workspace_id, asked=name)
    assert queue_missing(name, workspace_id=workspace_id, asked=name) == everything > 2


def test_a_text_that_the_new_model_refuses_does_not_hold_up_the_flip(
    talk: Member, provider: FakeOpenAIServer
) -> None:
    name = add_model(SPEC).name
    provider.reject_inputs_with("Leases outlive the task.")
    fill_model(name, say=lambda _: pipeline.embed(talk))
    coverage = measure_coverage(name, Workspace.objects.all())
    assert (coverage.refused, coverage.left) == (1, 0)
    activate(name)
    with talk.scope():
        assert not Memory.objects.filter(processing_status=ProcessingStatus.FAILED).exists()
    assert find(talk, "leases")["results"]


def test_a_fill_that_nobody_works_on_ends_with_a_sentence(talk: Member) -> None:
    name = add_model(SPEC).name
    with pytest.raises(TransientError, match="do workers run") as caught:
        fill_model(name, say=lambda _: None, patience_seconds=0)
    assert caught.value.error_code == "fill_stands_still"


def test_embeddings_are_made_anew_beside_the_live_ones(talk: Member) -> None:
    class Workers(StringIO):
        """They embed whenever the command says how far it is."""

        def write(self, text: str) -> int:
            pipeline.embed(talk)
            return super().write(text)

    before = count_vectors(talk)
    with talk.scope():
        old = set(Embedding.objects.values_list("pk", flat=True))
    out = Workers()
    call_command("rebuild_embeddings", stdout=out)
    assert count_vectors(talk) == {f"{LOCAL}#2": before[LOCAL]}
    with talk.scope():
        assert not old & set(Embedding.objects.values_list("pk", flat=True))
    assert states() == {LOCAL: "retired", f"{LOCAL}#2": "active"}
    assert f"{before[LOCAL]} vectors of {LOCAL} are deleted" in out.getvalue()
    assert find(talk, "deploys")["results"][0]["explain"]["vector"]
    call_command("audit", stdout=StringIO())


def test_a_rebuild_that_was_stopped_goes_on(talk: Member) -> None:
    begun = add_model(embedding_models.active_model().spec).name
    queue_missing(begun, workspace_id=talk.workspace.pk, asked=begun, most=1)
    pipeline.embed(talk)

    class Workers(StringIO):
        def write(self, text: str) -> int:
            pipeline.embed(talk)
            return super().write(text)

    call_command("rebuild_embeddings", stdout=Workers())
    assert states() == {LOCAL: "retired", begun: "active"}


def test_the_command_tells_each_next_step(talk: Member) -> None:
    out = StringIO()
    call_command("embedding_model", "add", "openai", "--model", "tiny", "--dimensions", "16", stdout=out)
    assert "texts to embed, about" in out.getvalue()
    assert f"embedding_model fill {NEW}" in out.getvalue()
    call_command("embedding_model", "list", stdout=out)
    assert f"{NEW}  filling  16 dimensions  0 of" in out.getvalue()
    with pytest.raises(CommandError, match="have no vectors"):
        call_command("embedding_model", "activate", NEW)


def test_progress_tells_pace_time_and_cost(talk: Member, settings: Any) -> None:
    settings.EMBEDDING_CENTS_PER_MILLION_TOKENS = 200
    model = add_model(SPEC)
    coverage = embedding_models.Coverage(texts=400, covered=100, refused=0, bytes_left=3_000_000)
    line = describe_progress(model, coverage, done=100, seconds=10)
    assert "25%  100 of 400 texts, 10/s, 0 min 30 s left, about 1,000,000 tokens, $2.00" in line
    local = EmbeddingModel.objects.get(name=LOCAL)
    assert "no cost" in describe_progress(local, coverage, done=0, seconds=0)


def test_a_model_in_use_needs_its_key(talk: Member, settings: Any) -> None:
    require_key_of_models()
    add_model(SPEC)
    settings.OPENAI_API_KEY = "none"
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY is not set"):
        require_key_of_models()
    forget_provider()
    pipeline.queue_chunk(talk, "Nobody has the key.")
    pipeline.store(talk)
    pipeline.embed(talk)
    with talk.scope():
        assert EmbedQueue.objects.exclude(model="").get().error_code == "provider_key_missing"
    status = talk.api.get("/api/ingest/status").json()["provider"]
    assert (status["state"], status["code"]) == ("open", "provider_key_missing")


def test_the_status_tells_the_budgets_of_a_model_in_use(talk: Member) -> None:
    assert talk.api.get("/api/ingest/status").json()["provider"] == {"state": "ok", "budgets": {}}
    activate(fill_model_now(talk))
    provider = talk.api.get("/api/ingest/status").json()["provider"]
    assert (provider["state"], set(provider["budgets"])) == ("ok", {"requests", "tokens"})
    metrics = talk.api.get("/api/metrics").content.decode()
    assert 'supastate_provider_budget_left{bucket="tokens"}' in metrics


def test_two_models_cannot_be_active(talk: Member) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        EmbeddingModel.objects.create(name="x", provider="local", dimensions=3, state="active")


def test_384_and_1536_numbers_side_by_side_by_the_commands_alone(
    talk: Member, provider: FakeOpenAIServer, monkeypatch: Any
) -> None:
    monkeypatch.setattr(filling, "queue_missing", partial(queue_missing, most=1))  # so that each look sees a step

    class Worker(StringIO):
        """Embeds one text whenever the command says how far it is, after a search of the model that is live."""

        def write(self, text: str) -> int:
            assert find(talk, "when do we deploy")["results"][0]["explain"]["vector"]
            embed_due(workspace_id=talk.workspace.pk)
            return super().write(text)

    def run(*words: str, out: StringIO | None = None) -> str:
        out = out or StringIO()
        call_command("embedding_model", *words, stdout=out)
        return out.getvalue()

    large = "openai/large@1536"
    texts = count_vectors(talk)[LOCAL]
    added = run("add", "openai", "--model", "large", "--dimensions", "1536")
    assert re.search(rf"{large}: {texts} texts to embed, about [1-9]\d* tokens, \$\d+\.\d\d", added)
    asked = len(provider.calls)
    progress = run("fill", large, out=Worker()).split("\r")
    assert [line[: filling.BAR_WIDTH].count("█") for line in progress[1:]] == [
        24 * done // texts for done in range(texts + 1)
    ]
    assert re.search(rf"25%  1 of {texts} texts, \d+/s, 0 min \d+ s left, about \d+ tokens, \$", progress[2])
    assert len(provider.calls) == asked + texts  # the searches meanwhile asked the old model
    assert dimensions(talk) == {LOCAL: {384}, large: {1536}}
    run("activate", large)
    assert find(talk, "when do we deploy")["results"][0]["explain"]["vector"]
    assert len(provider.calls) == asked + texts + 1
    run("activate", LOCAL)
    assert find(talk, "when do we deploy")["results"][0]["explain"]["vector"]
    assert len(provider.calls) == asked + texts + 1
    run("activate", large)
    assert f"{texts} vectors deleted" in run("retire", LOCAL)
    assert dimensions(talk) == {large: {1536}}
    assert find(talk, "when do we deploy")["results"][0]["explain"]["vector"]


def dimensions(member: Member) -> dict[str, set[int]]:
    """Return the lengths of the vectors by model."""
    found: dict[str, set[int]] = {}
    with member.scope():
        for name, vector in Embedding.objects.values_list("model", "vector"):
            found.setdefault(name, set()).add(len(vector))
    return found
