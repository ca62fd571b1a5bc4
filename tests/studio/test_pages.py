"""Every page of every model, with real rows."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django_celery_beat.models import PeriodicTask

from ingest.models import Batch, MemoryQueue
from processing.models import CodeFile, CodeObject, EmbeddingModel, ForgettingPolicy, Memory, Pattern, Session
from supastate.studio.site import site
from supastate.workspaces.models import ApiKey, Membership, Project, User, Workspace
from tests.conftest import Member
from tests.studio.conftest import address, permit, sign_in
from tests.studio.rows import make_rows

ROOMS = {"workspaces", "queueing", "ingest", "graph", "processing"}
MODELS = sorted(site._registry, key=lambda model: model._meta.label)
ADDED_BY_PEOPLE = {Workspace, User, Group, Membership, ApiKey, Memory, ForgettingPolicy}
SHARED = {Workspace, User, Group, EmbeddingModel}


def is_tenants(model: type[Model]) -> bool:
    return model not in SHARED and model._meta.app_label != "django_celery_beat"


def test_every_model_of_every_room_has_pages() -> None:
    ours = {model for model in apps.get_models() if model._meta.app_label in ROOMS}
    assert ours - set(MODELS) == set()
    assert PeriodicTask in MODELS


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_list_and_row_are_shown_to_a_superuser(studio: Client, ada: Member, model: type[Model]) -> None:
    row = make_rows(ada)[model]
    listed = studio.get(address(model, "changelist"))
    assert listed.status_code == 200
    assert address(model, "change", row.pk) in listed.content.decode()
    assert studio.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_only_what_people_make_can_be_added(studio: Client, model: type[Model]) -> None:
    by_people = model in ADDED_BY_PEOPLE or (not is_tenants(model) and model is not EmbeddingModel)
    assert studio.get(address(model, "add")).status_code == (200 if by_people else 403)


@pytest.mark.parametrize(
    "model", [model for model in MODELS if is_tenants(model)], ids=lambda model: model._meta.label_lower
)
def test_another_workspaces_rows_are_invisible(studio: Client, cleo: Member, model: type[Model]) -> None:
    foreign = make_rows(cleo)[model]
    assert str(foreign.pk) not in studio.get(address(model, "changelist")).content.decode()
    direct = studio.get(address(model, "change", foreign.pk))
    assert direct.status_code == 302
    assert direct["Location"] == "/studio/"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_searching_answers(studio: Client, ada: Member, model: type[Model]) -> None:
    row = make_rows(ada)[model]
    found = studio.get(address(model, "changelist"), {"q": str(row.pk)})
    assert found.status_code == 200


def test_memories_are_searched_by_their_words(studio: Client, ada: Member) -> None:
    memory = make_rows(ada)[Memory]
    link = address(Memory, "change", memory.pk)
    page = address(Memory, "changelist")
    assert link in studio.get(page, {"q": "sorting tables"}).content.decode()
    assert link not in studio.get(page, {"q": "kangaroo"}).content.decode()


def test_memory_shows_its_neighbour_code_vectors_and_source(studio: Client, ada: Member) -> None:
    rows = make_rows(ada)
    page = studio.get(address(Memory, "change", rows[Memory].pk)).content.decode()
    assert "Why is it slow?" in page
    assert address(CodeObject, "change", rows[CodeObject].pk) in page
    assert "all-MiniLM-L6-v2" in page
    assert address(MemoryQueue, "change", rows[MemoryQueue].pk) in page


def test_code_object_shows_numbered_source_and_its_memories(studio: Client, ada: Member) -> None:
    rows = make_rows(ada)
    page = studio.get(address(CodeObject, "change", rows[CodeObject].pk)).content.decode()
    assert '<td class="st-line-number">8</td><td>    return queue.due[:64]</td>' in page
    assert address(Memory, "change", rows[Memory].pk) in page


def test_file_lists_its_definitions(studio: Client, ada: Member) -> None:
    rows = make_rows(ada)
    page = studio.get(address(CodeFile, "change", rows[CodeFile].pk)).content.decode()
    assert address(CodeObject, "change", rows[CodeObject].pk) in page


def test_session_reads_as_a_thread_in_order(studio: Client, ada: Member) -> None:
    page = studio.get(address(Session, "change", make_rows(ada)[Session].pk)).content.decode()
    assert -1 < page.index("Why is it slow?") < page.index("claim_rows sorted the whole table.")


def test_pattern_shows_its_evidence(studio: Client, ada: Member) -> None:
    rows = make_rows(ada)
    page = studio.get(address(Pattern, "change", rows[Pattern].pk)).content.decode()
    assert address(Memory, "change", rows[Memory].pk) in page
    assert address(CodeObject, "change", rows[CodeObject].pk) in page


def test_batch_shows_ledger_and_rejections(studio: Client, ada: Member) -> None:
    page = studio.get(address(Batch, "change", make_rows(ada)[Batch].pk)).content.decode()
    assert "malformed_line" in page
    assert "Store memory" in page


def test_payload_of_a_queue_row_is_for_superusers(studio: Client, ada: Member, ben: Member) -> None:
    link = address(MemoryQueue, "change", make_rows(ada)[MemoryQueue].pk)
    permit(ben.user, "ingest.view_memoryqueue")
    assert "what the client sent" in studio.get(link).content.decode()
    shown_to_ben = sign_in(ben.user).get(link)
    assert shown_to_ben.status_code == 200
    assert "what the client sent" not in shown_to_ben.content.decode()


def test_choosing_a_project_offers_those_of_the_workspace(studio: Client, ada: Member, cleo: Member) -> None:
    here, elsewhere = make_rows(ada)[Project], make_rows(cleo)[Project]
    asked = {"app_label": "processing", "model_name": "memory", "field_name": "project", "term": "sh"}
    offered = [row["id"] for row in studio.get("/studio/autocomplete/", asked).json()["results"]]
    assert offered == [str(here.pk)]
    assert str(elsewhere.pk) not in offered


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_every_room_has_an_index(studio: Client, room: str) -> None:
    assert studio.get(f"/studio/{room}/").status_code == 200


def test_the_sidebar_leads_to_every_page(studio: Client) -> None:
    page = studio.get("/studio/").content.decode()
    assert [model for model in MODELS if f'href="{address(model, "changelist")}"' not in page] == []
