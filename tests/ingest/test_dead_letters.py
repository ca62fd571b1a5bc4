"""Dead letters are listed by reason, shown one by one, and replayed or discarded with one effect."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from ingest.models import MemoryQueue
from supastate.errors import PermanentError
from supastate.queueing.claims import claim_rows, fail_row
from supastate.queueing.models import QueueAction, QueueItem
from supastate.queueing.stages import all_stages
from tests.conftest import Member
from tests.ingest.sending import ids_of, make_chunk, send_chunks, send_files

LETTERS = "/api/ingest/dead-letters"


def bury(member: Member, stage_name: str = "store_memory") -> None:
    """Let everything pending of a stage die."""
    model: type[QueueItem] = next(stage.model for stage in all_stages() if stage.name == stage_name)
    with member.scope():
        claim = claim_rows(model, workspace_id=member.workspace.id, size=1_000)
        for row in claim.rows:
            fail_row(claim, row, PermanentError("It cannot be stored.", code="poison"))


def list_ids(member: Member, query: str = "") -> list[str]:
    response = member.api.get(LETTERS + query)
    assert response.status_code == 200, response.content
    return [letter["id"] for letter in response.json()["results"]]


def test_the_list_tells_the_reason_and_no_content(ada: Member) -> None:
    answer = send_chunks(ada, make_chunk("a confidential thought"))
    bury(ada)
    response = ada.api.get(LETTERS)
    letter = response.json()["results"][0]
    assert (letter["id"], letter["batchId"]) == (ids_of(answer)[0], answer["batchId"])
    assert (letter["stage"], letter["status"], letter["attempts"]) == ("store_memory", "dead", 1)
    assert (letter["code"], letter["detail"]) == ("poison", "It cannot be stored.")
    assert letter["diedAt"] is not None
    assert b"confidential" not in response.content


def test_one_is_shown_with_what_it_was_about(ada: Member) -> None:
    (memory,) = ids_of(send_chunks(ada, make_chunk("a thought")))
    (code,) = ids_of(send_files(ada, {"a.py": "1"}))
    bury(ada)
    bury(ada, "store_code")
    shown = ada.api.get(f"{LETTERS}/{memory}").json()
    assert (shown["item"]["payload"]["content"], shown["private"]) == ("a thought", False)
    item = ada.api.get(f"{LETTERS}/{code}").json()["item"]
    assert (item["path"], item["revision"]) == ("a.py", 1)
    assert "leaseToken" not in item


def test_private_work_is_shown_to_its_author_alone(ada: Member, ben: Member) -> None:
    (memory,) = ids_of(send_chunks(ada, make_chunk("mine"), visibility="private"))
    (code,) = ids_of(send_files(ada, {"a.py": "1"}, visibility="private"))
    bury(ada)
    bury(ada, "store_code")
    for row_id in (memory, code):
        assert ada.api.get(f"{LETTERS}/{row_id}").json()["item"] is not None
        bens = ben.api.get(f"{LETTERS}/{row_id}").json()
        assert (bens["item"], bens["private"]) == (None, True)


def test_the_list_is_paged_across_stages_the_newest_first(ada: Member) -> None:
    made: list[Any] = []
    for number in range(3):
        made += ids_of(send_chunks(ada, make_chunk(str(number))))
        made += ids_of(send_files(ada, {f"{number}.py": "x"}))
    bury(ada)
    bury(ada, "store_code")
    seen, query = [], "?limit=4"
    while query:
        page = ada.api.get(LETTERS + query).json()
        seen += [letter["id"] for letter in page["results"]]
        query = f"?limit=4&cursor={page['nextCursor']}" if page["nextCursor"] else ""
    assert seen == list(reversed(made))
    assert list_ids(ada, "?stage=store_code") == list(reversed(made[1::2]))


@pytest.mark.parametrize(
    "query",
    ["?stage=nothing", "?cursor=x", "?cursor=WyJub3QtYW4taWQiXQ", "?limit=0", "?limit=a", "?discarded=perhaps"],
)
def test_strange_queries_are_refused(ada: Member, query: str) -> None:
    assert ada.api.get(LETTERS + query).status_code == 400


def test_replaying_twice_has_one_effect(ada: Member) -> None:
    (row_id,) = ids_of(send_chunks(ada, make_chunk()))
    bury(ada)
    first = ada.api.post(f"{LETTERS}/{row_id}/replay").json()
    assert (first["changed"], first["status"], first["attempts"]) == (True, "pending", 0)
    again = ada.api.post(f"{LETTERS}/{row_id}/replay")
    assert (again.status_code, again.json()["changed"]) == (200, False)
    with ada.scope():
        assert MemoryQueue.objects.get().status == "pending"
        action = QueueAction.objects.get()
        assert (action.action, str(action.row_id), action.error_code) == ("replay", row_id, "poison")
        assert action.actor_id == ada.user.id
    assert list_ids(ada) == []
    assert ada.api.get(f"{LETTERS}/{row_id}").status_code == 404


def test_a_discarded_one_leaves_the_list_and_stays_dead(ada: Member) -> None:
    (row_id,) = ids_of(send_chunks(ada, make_chunk()))
    bury(ada)
    first = ada.api.post(f"{LETTERS}/{row_id}/discard").json()
    assert (first["changed"], first["status"]) == (True, "dead")
    assert ada.api.post(f"{LETTERS}/{row_id}/discard").json()["changed"] is False
    assert ada.api.post(f"{LETTERS}/{row_id}/replay").json()["changed"] is False
    assert list_ids(ada) == []
    assert list_ids(ada, "?discarded=true") == [row_id]
    with ada.scope():
        assert QueueAction.objects.count() == 1


def test_another_workspaces_dead_letters_do_not_exist(ada: Member, cleo: Member) -> None:
    (row_id,) = ids_of(send_chunks(ada, make_chunk()))
    bury(ada)
    assert list_ids(cleo) == []
    assert cleo.api.get(f"{LETTERS}/{row_id}").status_code == 404
    assert cleo.api.post(f"{LETTERS}/{row_id}/replay").status_code == 404
    assert cleo.api.post(f"{LETTERS}/{row_id}/discard").status_code == 404
    with ada.scope():
        assert MemoryQueue.objects.get().status == "dead"


@pytest.mark.parametrize("row_id", [str(uuid4()), "not-an-id"])
def test_an_unknown_one_is_not_found(ada: Member, row_id: str) -> None:
    assert ada.api.get(f"{LETTERS}/{row_id}").status_code == 404
    assert ada.api.post(f"{LETTERS}/{row_id}/replay").status_code == 404


def test_a_living_row_is_no_dead_letter(ada: Member) -> None:
    (row_id,) = ids_of(send_chunks(ada, make_chunk()))
    assert ada.api.get(f"{LETTERS}/{row_id}").status_code == 404
    assert ada.api.post(f"{LETTERS}/{row_id}/replay").json()["changed"] is False
