"""Memory chunks are accepted once, under the key that the contract gives them."""

from __future__ import annotations

import pytest

from ingest.models import Batch, MemoryQueue
from supastate.workspaces.models import Project
from tests.conftest import Member
from tests.ingest.sending import MEMORY, SHOP, count, ids_of, make_chunk, send_chunks


def test_a_chunk_becomes_a_pending_row(ada: Member) -> None:
    answer = send_chunks(
        ada,
        make_chunk("Hello", chunkId="c1", metadata={"filePaths": ["/home/ada/shop/a.py"], "mood": 1}),
        project=SHOP,
    )
    assert count(answer) == (1, 1, 0, 0)
    assert answer["items"][0]["status"] == "new"
    assert answer["statusUrl"] == f"/api/ingest/batches/{answer['batchId']}"
    assert "warnings" not in answer
    with ada.scope():
        row = MemoryQueue.objects.select_related("project").get()
        assert str(row.id) == answer["items"][0]["id"]
        assert (row.status, row.format, row.session_key) == ("pending", "chunk", "s1")
        assert (row.author_id, row.visibility, str(row.batch_id)) == (ada.user.id, "workspace", answer["batchId"])
        assert row.project is not None
        assert row.project.identity == "github.com/acme/shop"
        assert row.payload == {
            "content": "Hello",
            "chunkId": "c1",
            "metadata": {
                "timestamp": "2026-11-21T12:00:00+00:00",
                "messageType": "assistant",
                "filePaths": ["a.py"],
                "mood": 1,
            },
        }


def test_a_resend_has_the_same_ids_and_no_second_row(ada: Member) -> None:
    chunks = [make_chunk("one", chunkId="1"), make_chunk("two"), make_chunk("yes"), make_chunk("yes")]
    first = send_chunks(ada, *chunks)
    again = send_chunks(ada, *chunks)
    assert count(first) == (4, 4, 0, 0)
    assert count(again) == (4, 0, 4, 0)
    assert ids_of(again) == ids_of(first)
    assert len(set(ids_of(first))) == 4
    with ada.scope():
        assert MemoryQueue.objects.count() == 4
        assert Batch.objects.count() == 2


def test_two_identical_yes_both_live(ada: Member) -> None:
    answer = send_chunks(ada, make_chunk("yes"), make_chunk("yes"))
    assert count(answer) == (2, 2, 0, 0)
    third = send_chunks(ada, make_chunk("yes"), make_chunk("yes"), make_chunk("yes"))
    assert count(third) == (3, 1, 2, 0)


def test_the_same_instant_in_another_zone_is_the_same_chunk(ada: Member) -> None:
    send_chunks(ada, make_chunk("yes"))
    again = send_chunks(ada, make_chunk("yes", metadata={"timestamp": "2026-11-21T14:00:00+02:00"}))
    assert count(again) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("session", "metadata"),
    [
        ("s2", {}),
        ("s1", {"messageType": "user"}),
        ("s1", {"timestamp": "2026-11-21T12:00:01Z"}),
    ],
)
def test_other_sessions_speakers_and_times_are_other_chunks(
    ada: Member, session: str, metadata: dict[str, str]
) -> None:
    send_chunks(ada, make_chunk("yes"))
    assert count(send_chunks(ada, make_chunk("yes", metadata=metadata), session=session)) == (1, 1, 0, 0)


def test_a_known_chunk_id_with_other_content_is_refused_and_its_neighbours_are_not(ada: Member) -> None:
    first = send_chunks(ada, make_chunk("right", chunkId="1"))
    answer = send_chunks(ada, make_chunk("wrong", chunkId="1"), make_chunk("next", chunkId="2"))
    assert count(answer) == (2, 1, 0, 1)
    assert answer["items"][0]["code"] == "id_conflict"
    assert answer["items"][0]["id"] == ids_of(first)[0]
    with ada.scope():
        contents = MemoryQueue.objects.order_by("id").values_list("payload__content", flat=True)
        assert list(contents) == ["right", "next"]


def test_a_chunk_id_twice_in_one_request_counts_once(ada: Member) -> None:
    answer = send_chunks(
        ada, make_chunk("a", chunkId="1"), make_chunk("a", chunkId="1"), make_chunk("b", chunkId="1")
    )
    assert [item["status"] for item in answer["items"]] == ["new", "duplicate", "rejected"]
    assert answer["items"][2]["code"] == "id_conflict"


def test_secrets_are_masked_and_counted_once(ada: Member) -> None:
    token = "ghp_" + "a1B2" * 9
    chunk = make_chunk(f"push with {token}", chunkId="1", metadata={"env": {"TOKEN": token}})
    first = send_chunks(ada, chunk)
    assert first["maskedSecrets"] == 2
    assert send_chunks(ada, chunk)["maskedSecrets"] == 0
    with ada.scope():
        payload = MemoryQueue.objects.get().payload
        assert payload["content"] == "push with [masked:github_token]"
        assert payload["metadata"]["env"] == {"TOKEN": "[masked:github_token]"}
        assert Batch.objects.order_by("id").first().masked_secrets == 2  # type: ignore[union-attr]


def test_unknown_keys_are_named_and_ignored(ada: Member) -> None:
    response = ada.api.post(
        f"{MEMORY}?colour=red",
        {
            "sessionId": "s1",
            "tint": 1,
            "chunks": [make_chunk(shade=1), make_chunk(shade=2)],
            "project": SHOP | {"x": 1},
        },
    )
    assert response.status_code == 202
    assert response.json()["warnings"] == [
        "unknown key ignored: 'tint'",
        "unknown key ignored: query.'colour'",
        "unknown key ignored: project.'x'",
        "unknown key ignored: chunks[].'shade'",
    ]


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ({"project": {"remote": "https://github.com/acme/shop"}}, ""),
        ({}, "?project=git@github.com:acme/shop.git"),
        ({}, "?project=https://github.com/acme/shop.git"),
    ],
)
def test_every_way_to_name_a_project_finds_the_same(ada: Member, body: dict[str, object], query: str) -> None:
    send_chunks(ada, make_chunk("first"), project=SHOP)
    response = ada.api.post(MEMORY + query, {"sessionId": "s1", "chunks": [make_chunk("second")], **body})
    assert response.status_code == 202
    with ada.scope():
        assert Project.objects.count() == 1
        assert MemoryQueue.objects.filter(project__isnull=True).count() == 0


def test_a_project_path_may_stand_for_the_project(ada: Member) -> None:
    send_chunks(ada, make_chunk("one"), projectPath="/home/ada/tool/")
    send_chunks(ada, make_chunk("two"), project={"path": "/home/ada/tool"})
    ada.api.post(f"{MEMORY}?project=/home/ada/tool", {"sessionId": "s1", "chunks": [make_chunk("three")]})
    with ada.scope():
        assert Project.objects.get().identity == "/home/ada/tool"
        assert MemoryQueue.objects.filter(project__identity="/home/ada/tool").count() == 3


def test_private_chunks_are_their_authors_own(ada: Member, ben: Member) -> None:
    send_chunks(ada, make_chunk("my idea", chunkId="1"), project=SHOP, visibility="private")
    shared = send_chunks(ben, make_chunk("my idea", chunkId="1"), project=SHOP)
    assert count(shared) == (1, 1, 0, 0)
    with ada.scope():
        rows = MemoryQueue.objects.order_by("id").values_list("author_id", "visibility", "project__visibility")
        assert list(rows) == [(ada.user.id, "private", "private"), (ben.user.id, "workspace", "workspace")]


def test_a_workspaces_chunks_are_no_duplicates_of_anothers(ada: Member, cleo: Member) -> None:
    send_chunks(ada, make_chunk(chunkId="1"))
    assert count(send_chunks(cleo, make_chunk(chunkId="1"))) == (1, 1, 0, 0)
    with cleo.scope():
        assert MemoryQueue.objects.count() == 1


def test_no_chunks_are_no_mistake(ada: Member) -> None:
    assert count(send_chunks(ada)) == (0, 0, 0, 0)


def test_the_named_workspace_may_be_the_keys_own(ada: Member) -> None:
    assert count(send_chunks(ada, make_chunk(), workspace="north")) == (1, 1, 0, 0)
    assert count(send_chunks(ada, make_chunk(), workspace=str(ada.workspace.id))) == (1, 0, 1, 0)


def test_a_backfill_waits_for_what_a_person_waits_for(ada: Member) -> None:
    send_chunks(ada, *(make_chunk(f"old {number}") for number in range(300)))
    send_chunks(ada, make_chunk("now"))
    with ada.scope():
        first = MemoryQueue.objects.order_by("priority", "id").first()
        assert first is not None
        assert first.payload["content"] == "now"
