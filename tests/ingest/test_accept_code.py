"""A checkout's files become revisions of the project's paths: each accepted change one, a duplicate none."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.conf import LazySettings

from ingest.models import CheckoutPath, CodeBlob, CodeQueue, PathHead
from supastate.workspaces.models import Checkout, Project
from tests.conftest import Member
from tests.ingest.sending import CODE, NOON, SHOP, count, ids_of, post_json, send_files

A, B = "a = 1\n", "b = 2\n"


def hash_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def head_of(member: Member, path: str) -> tuple[int, str]:
    """The revision and the text of the project's current version of a path ('' when it is gone)."""
    with member.scope():
        head = PathHead.objects.get(path=path)
        texts = CodeBlob.objects.filter(content_hash=head.content_hash).values_list("content", flat=True)
        return head.revision, texts[0] if texts else ""


def queued(member: Member, path: str) -> list[tuple[int, str]]:
    """Revision and content hash of each queue row of a path."""
    with member.scope():
        return list(
            CodeQueue.objects.filter(path=path).order_by("revision").values_list("revision", "content_hash")
        )


def test_a_file_becomes_a_revision(ada: Member) -> None:
    answer = ada.api.post(
        CODE,
        {
            "project": SHOP | {"branch": "main"},
            "files": [{"path": "./src//a.py", "content": A, "language": "python", "lastModified": NOON}],
        },
    ).json()
    assert count(answer) == (1, 1, 0, 0)
    with ada.scope():
        row = CodeQueue.objects.get()
        assert str(row.id) == ids_of(answer)[0]
        assert (row.path, row.revision, row.content_hash, row.language) == ("src/a.py", 1, hash_of(A), "python")
        assert (row.marks, row.status, str(row.batch_id)) == ([], "pending", answer["batchId"])
        assert row.last_modified is not None
        assert row.last_modified.isoformat() == "2026-11-21T12:00:00+00:00"
        assert CodeBlob.objects.get(content_hash=row.content_hash).content == A
        checkout = Checkout.objects.get()
        assert (checkout.path, checkout.branch) == ("/home/ada/shop", "main")
        assert Project.objects.get().identity == "github.com/acme/shop"


def test_a_resend_has_the_same_ids_and_no_second_row(ada: Member) -> None:
    first = send_files(ada, {"a.py": A, "b.py": B})
    again = send_files(ada, {"b.py": B, "a.py": A})
    assert count(again) == (2, 0, 2, 0)
    assert ids_of(again) == list(reversed(ids_of(first)))
    assert queued(ada, "a.py") == [(1, hash_of(A))]


def test_a_to_b_to_a_ends_as_a(ada: Member) -> None:
    for content in (A, B, A):
        assert count(send_files(ada, {"a.py": content})) == (1, 1, 0, 0)
    assert head_of(ada, "a.py") == (3, A)
    assert queued(ada, "a.py") == [(1, hash_of(A)), (2, hash_of(B)), (3, hash_of(A))]
    with ada.scope():
        assert CodeBlob.objects.count() == 2


def test_a_to_b_to_a_in_one_request_ends_as_a(ada: Member) -> None:
    files = [{"path": path, "content": content} for path, content in (("a.py", A), ("./a.py", B), ("a.py", A))]
    answer = ada.api.post(CODE, {"project": SHOP, "files": [*files, files[2]]}).json()
    assert [item["status"] for item in answer["items"]] == ["new", "new", "new", "duplicate"]
    assert ids_of(answer)[3] == ids_of(answer)[2]
    assert head_of(ada, "a.py") == (3, A)
    assert queued(ada, "a.py") == [(1, hash_of(A)), (2, hash_of(B)), (3, hash_of(A))]


def test_a_deleted_path_is_gone_and_deleting_it_again_changes_nothing(ada: Member) -> None:
    send_files(ada, {"a.py": A})
    gone = send_files(ada, deleted=["a.py", "never.py"])
    assert [item["status"] for item in gone["items"]] == ["new", "duplicate"]
    again = send_files(ada, deleted=["a.py"])
    assert count(again) == (1, 0, 1, 0)
    assert ids_of(again)[0] == ids_of(gone)[0]
    assert head_of(ada, "a.py") == (2, "")
    assert queued(ada, "a.py") == [(1, hash_of(A)), (2, "")]
    with ada.scope():
        assert CheckoutPath.objects.count() == 0


def test_a_path_may_come_back_after_its_end(ada: Member) -> None:
    send_files(ada, {"a.py": A})
    send_files(ada, deleted=["a.py"])
    assert count(send_files(ada, {"a.py": A})) == (1, 1, 0, 0)
    assert head_of(ada, "a.py") == (3, A)


def test_deleted_paths_are_numbered_after_the_files(ada: Member) -> None:
    answer = send_files(ada, {"a.py": A, "../b.py": B}, deleted=["a.py", "/etc/passwd"])
    assert [(item["index"], item["status"], item.get("code")) for item in answer["items"]] == [
        (0, "new", None),
        (1, "rejected", "path_outside_project"),
        (2, "new", None),
        (3, "rejected", "path_outside_project"),
    ]
    assert count(answer) == (4, 2, 0, 2)
    assert head_of(ada, "a.py") == (2, "")


class TestTwoCheckouts:
    """Two machines hold the same project."""

    def test_the_latest_accepted_is_the_projects_version(self, ada: Member, ben: Member) -> None:
        send_files(ada, {"a.py": A})
        send_files(ben, {"a.py": B})
        assert head_of(ada, "a.py") == (2, B)
        assert count(send_files(ada, {"a.py": A})) == (1, 0, 1, 0)
        assert head_of(ada, "a.py") == (2, B)
        with ada.scope():
            assert Project.objects.count() == 1
            assert Checkout.objects.count() == 2

    def test_what_one_deletes_the_other_still_holds(self, ada: Member, ben: Member) -> None:
        ada.api.post(CODE, {"project": SHOP, "files": [{"path": "a.py", "content": A, "language": "python"}]})
        send_files(ben, {"a.py": B})
        answer = send_files(ben, deleted=["a.py"])
        assert count(answer) == (1, 1, 0, 0)
        assert head_of(ada, "a.py") == (3, A)
        with ada.scope():
            row = CodeQueue.objects.get(pk=str(ids_of(answer)[0]))
            assert (row.revision, row.content_hash, row.language) == (3, hash_of(A), "python")
            assert row.author_id == ada.user.id
        send_files(ada, deleted=["a.py"])
        assert head_of(ada, "a.py") == (4, "")

    def test_the_same_content_from_another_is_kept_once(self, ada: Member, ben: Member) -> None:
        send_files(ada, {"a.py": A})
        assert count(send_files(ben, {"a.py": A})) == (1, 1, 0, 0)
        with ada.scope():
            assert CodeBlob.objects.count() == 1
        send_files(ada, deleted=["a.py"])
        assert head_of(ada, "a.py") == (3, A)

    def test_of_three_the_latest_that_still_holds_wins(self, ada: Member) -> None:
        for checkout, content in (("one", "1"), ("two", "2"), ("three", "3")):
            send_files(ada, {"a.py": content}, checkoutId=checkout)
        send_files(ada, deleted=["a.py"], checkoutId="two")
        assert head_of(ada, "a.py") == (4, "3")
        send_files(ada, deleted=["a.py"], checkoutId="three")
        assert head_of(ada, "a.py") == (5, "1")

    def test_the_checkout_id_outlives_the_key_and_the_path(self, ada: Member, ben: Member) -> None:
        send_files(ada, {"a.py": A}, checkoutId="box")
        moved = send_files(ben, {"a.py": A}, checkoutId="box", project=SHOP | {"path": "/elsewhere"})
        assert count(moved) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("content", "mark"), [("a\x00b", "binary"), ("x" * 5_000, "too_large"), ("é" * 2_500, "too_large")]
)
def test_what_is_not_text_to_search_is_stored_as_a_name(
    ada: Member, settings: LazySettings, content: str, mark: str
) -> None:
    settings.MAX_SOURCE_BYTES = 4_096
    answer = send_files(ada, {"blob.bin": content, "a.py": A})
    assert count(answer) == (2, 2, 0, 0)
    assert answer["items"][0]["marks"] == [mark]
    with ada.scope():
        row = CodeQueue.objects.get(path="blob.bin")
        assert row.marks == [mark]
        assert CodeBlob.objects.get(content_hash=row.content_hash).content == ""
    assert count(send_files(ada, {"blob.bin": content})) == (1, 0, 1, 0)
    assert count(send_files(ada, {"blob.bin": content + "more"})) == (1, 1, 0, 0)


def test_odd_sources_are_accepted(ada: Member) -> None:
    odd = {"broken.py": "def (:", "empty.py": "", "data.xyz": "?", "min.js": "a;" * 90_000, "ünï/😀.py": "ok"}
    assert count(send_files(ada, odd)) == (5, 5, 0, 0)
    assert head_of(ada, "ünï/😀.py") == (1, "ok")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"path": "../up.py"}, "path_outside_project"),
        ({"path": "/etc/passwd"}, "path_outside_project"),
        ({"path": ""}, "path_invalid"),
        ({"path": "dir/"}, "path_invalid"),
        ({"path": "a\x00.py"}, "nul_character"),
        ({"path": "a\ud800.py"}, "lone_surrogate"),
        ({"path": "p" * 1_025}, "path_invalid"),
        ({"path": "😀" * 600}, "path_invalid"),
        ({"content": "\udfff"}, "lone_surrogate"),
        ({"lastModified": "2026-11-21T12:00:00"}, "timestamp_without_zone"),
        ({"lastModified": "yesterday"}, "timestamp_invalid"),
        ({"language": "py\x00"}, "nul_character"),
        ({"language": "p" * 65}, "too_large"),
    ],
)
def test_a_bad_file_is_refused_and_its_neighbours_live(ada: Member, fields: dict[str, Any], code: str) -> None:
    bad = {"path": "bad.py", "content": A, **fields}
    good = [{"path": f"{name}.py", "content": A} for name in ("before", "after")]
    response = post_json(ada, CODE, {"project": SHOP, "files": [good[0], bad, good[1]]})
    assert response.status_code == 202
    answer = response.json()
    assert count(answer) == (3, 2, 0, 1)
    assert (answer["items"][1]["status"], answer["items"][1]["code"]) == ("rejected", code)


def test_the_longest_path_fits_the_database(ada: Member) -> None:
    path = "/".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(15))
    assert count(send_files(ada, {path: A})) == (1, 1, 0, 0)
    assert head_of(ada, path) == (1, A)


def test_an_absolute_path_inside_the_project_is_made_relative(ada: Member) -> None:
    send_files(ada, {"/home/ada/shop/src/a.py": A})
    assert head_of(ada, "src/a.py") == (1, A)


def test_private_code_lives_in_its_authors_own_project(ada: Member, ben: Member) -> None:
    send_files(ada, {"a.py": A}, visibility="private")
    send_files(ben, {"a.py": B})
    assert count(send_files(ben, {"a.py": B}, visibility="private")) == (1, 1, 0, 0)
    with ada.scope():
        rows = CodeQueue.objects.order_by("id").values_list(
            "project__visibility", "project__author_id", "revision"
        )
        assert list(rows) == [
            ("private", ada.user.id, 1),
            ("workspace", ben.user.id, 1),
            ("private", ben.user.id, 1),
        ]


def test_another_workspaces_project_is_another(ada: Member, cleo: Member) -> None:
    send_files(ada, {"a.py": A})
    assert count(send_files(cleo, {"a.py": A})) == (1, 1, 0, 0)
    assert head_of(cleo, "a.py") == (1, A)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"files": []}, "project"),
        ({"project": {}, "files": []}, "project"),
        ({"project": {"path": "  "}, "files": []}, "project"),
        ({"project": SHOP}, "files"),
        ({"project": "shop", "files": []}, "project"),
        ({"project": {"path": 5}, "files": []}, "path"),
        ({"project": {"path": "/" + "n" * 300}, "files": []}, "project"),
        ({"project": {"path": "😀" * 1_000}, "files": []}, "project"),
        ({"project": {"path": "a\x00"}, "files": []}, "path"),
        ({"project": SHOP, "files": {}}, "files"),
        ({"project": SHOP, "files": [5]}, "files[0]"),
        ({"project": SHOP, "files": [{"content": A}]}, "files[0].path"),
        ({"project": SHOP, "files": [{"path": "a.py"}]}, "files[0].content"),
        ({"project": SHOP, "files": [{"path": "a.py", "content": 5}]}, "files[0].content"),
        ({"project": SHOP, "files": [{"path": "a.py", "content": A, "language": 5}]}, "files[0].language"),
        ({"project": SHOP, "files": [{"path": "a.py", "content": A, "lastModified": 5}]}, "files[0].lastModified"),
        ({"project": SHOP, "files": [], "deleted": "a.py"}, "deleted"),
        ({"project": SHOP, "files": [], "deleted": [None]}, "deleted[0]"),
        ({"project": SHOP, "files": [], "checkoutId": 5}, "checkoutId"),
        ({"project": SHOP, "files": [], "visibility": "secret"}, "visibility"),
        ({"project": SHOP, "files": [], "fullSync": "yes"}, "fullSync"),
        ({"project": SHOP, "files": [], "fullSync": {"part": 1, "parts": 1}}, "id"),
        ({"project": SHOP, "files": [], "fullSync": {"id": "x", "parts": 1}}, "fullSync.part"),
        ({"project": SHOP, "files": [], "fullSync": {"id": "x", "part": 1}}, "fullSync.parts"),
        ({"project": SHOP, "files": [], "fullSync": {"id": "x", "part": 1, "parts": 0}}, "parts"),
        ({"project": SHOP, "files": [], "fullSync": {"id": "x", "part": 3, "parts": 2}}, "part"),
        ({"project": SHOP, "files": [], "fullSync": {"id": "x", "part": 1.5, "parts": 2}}, "part"),
    ],
)
def test_a_request_of_wrong_shape_is_refused_whole(ada: Member, body: dict[str, Any], field: str) -> None:
    good = {"path": "good.py", "content": A}
    if isinstance(body.get("files"), list):
        body = {**body, "files": [*body["files"], good]}
    response = ada.api.post(CODE, body)
    assert response.status_code == 400, response.content
    assert response.json()["field"] == field
    with ada.scope():
        assert CodeQueue.objects.count() == 0
