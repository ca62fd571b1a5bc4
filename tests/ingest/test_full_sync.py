"""A full sync removes what none of its parts named, whatever the order, and never what came since it began."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ingest.models import Batch, CheckoutPath, CodeQueue, FullSync, FullSyncPath, PathHead
from tests.conftest import Member
from tests.ingest.sending import CODE, SHOP, count, send_files

HELD = {f"{name}.py": name for name in "abcde"}


def send_part(member: Member, files: dict[str, str], part: int, parts: int, **body: Any) -> Any:
    return send_files(member, files, fullSync={"id": "sync-1", "part": part, "parts": parts}, **body)


def held_by_project(member: Member) -> set[str]:
    with member.scope():
        return set(PathHead.objects.exclude(content_hash="").values_list("path", flat=True))


def test_one_part_removes_what_it_does_not_name(ada: Member) -> None:
    send_files(ada, HELD)
    answer = send_part(ada, {"a.py": "a", "b.py": "changed"}, 1, 1)
    assert count(answer) == (2, 1, 1, 0)
    assert answer["fullSync"] | {"removalBatchId": ""} == {
        "id": "sync-1",
        "part": 1,
        "parts": 1,
        "complete": True,
        "removed": 3,
        "removalBatchId": "",
    }
    assert held_by_project(ada) == {"a.py", "b.py"}
    removal = ada.api.get(f"/api/ingest/batches/{answer['fullSync']['removalBatchId']}").json()
    assert (removal["received"], removal["new"], removal["pending"]) == (3, 3, 3)


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_parts_may_come_in_any_order(ada: Member, order: tuple[int, ...]) -> None:
    send_files(ada, HELD)
    parts = {1: {"a.py": "a"}, 2: {"b.py": "b"}, 3: {"new.py": "new"}}
    for number in order[:-1]:
        answer = send_part(ada, parts[number], number, 3)
        assert answer["fullSync"]["complete"] is False
        assert set(HELD) <= held_by_project(ada)
    assert send_part(ada, parts[order[-1]], order[-1], 3)["fullSync"]["removed"] == 3
    assert held_by_project(ada) == {"a.py", "b.py", "new.py"}


def test_parts_may_come_twice(ada: Member) -> None:
    send_files(ada, HELD)
    for _ in range(2):
        assert send_part(ada, {"a.py": "a"}, 1, 2)["fullSync"]["complete"] is False
    for removed in (4, 0):
        answer = send_part(ada, {"f.py": "f"}, 2, 2)
        assert answer["fullSync"]["complete"] is True
        assert answer["fullSync"]["removed"] == removed
    late = send_part(ada, {"a.py": "a"}, 1, 2)
    assert count(late) == (1, 0, 1, 0)
    assert held_by_project(ada) == {"a.py", "f.py"}
    with ada.scope():
        assert CodeQueue.objects.filter(content_hash="").count() == 4
        assert FullSync.objects.get().finished_at is not None
        assert FullSyncPath.objects.count() == 0


def test_parts_may_be_counted_from_zero(ada: Member) -> None:
    send_files(ada, HELD)
    assert send_part(ada, {"a.py": "a"}, 0, 2)["fullSync"]["complete"] is False
    assert send_part(ada, {"b.py": "b"}, 1, 2)["fullSync"]["complete"] is True
    assert held_by_project(ada) == {"a.py", "b.py"}


def test_a_rejected_file_counts_as_named(ada: Member) -> None:
    send_files(ada, HELD)
    answer = send_part(ada, {"a.py": "a", "b.py": "\ud800"}, 1, 1)
    assert count(answer) == (2, 0, 1, 1)
    assert held_by_project(ada) == {"a.py", "b.py"}


def test_what_came_since_the_sync_began_stays(ada: Member) -> None:
    send_files(ada, HELD)
    send_part(ada, {"a.py": "a"}, 1, 2)
    send_files(ada, {"saved-meanwhile.py": "new", "c.py": "changed meanwhile"})
    send_part(ada, {"b.py": "b"}, 2, 2)
    assert held_by_project(ada) == {"a.py", "b.py", "c.py", "saved-meanwhile.py"}


def test_a_sync_never_removes_what_another_checkout_holds(ada: Member, ben: Member) -> None:
    send_files(ada, HELD)
    send_files(ben, {"a.py": "of ben", "b.py": "b"})
    answer = send_files(ben, {}, fullSync={"id": "x", "part": 1, "parts": 1})
    assert answer["fullSync"]["removed"] == 2
    assert held_by_project(ada) == set(HELD)
    with ada.scope():
        assert CheckoutPath.objects.count() == 5
        head = PathHead.objects.get(path="a.py")
        assert head.content_hash == CheckoutPath.objects.get(path="a.py").content_hash


def test_a_path_deleted_in_the_last_part_is_removed_once(ada: Member) -> None:
    send_files(ada, {"a.py": "a", "b.py": "b"})
    answer = send_part(ada, {"a.py": "a"}, 1, 1, deleted=["b.py"])
    assert count(answer) == (2, 1, 1, 0)
    assert answer["fullSync"]["removed"] == 0
    with ada.scope():
        assert CodeQueue.objects.filter(path="b.py").count() == 2


def test_a_sync_that_changes_its_number_of_parts_is_refused(ada: Member) -> None:
    send_part(ada, {"a.py": "a"}, 1, 2)
    answer = send_files(ada, {"b.py": "b"}, fullSync={"id": "sync-1", "part": 2, "parts": 3}, status=409)
    assert answer["code"] == "full_sync_changed"
    assert held_by_project(ada) == {"a.py"}


def test_an_empty_checkout_may_say_so(ada: Member) -> None:
    send_files(ada, HELD)
    response = ada.api.post(CODE, {"project": SHOP, "fullSync": {"id": "z", "part": 1, "parts": 1}})
    assert response.status_code == 202
    assert response.json()["fullSync"]["removed"] == 5
    assert held_by_project(ada) == set()


def test_the_ledger_of_all_batches_equals_the_rows(ada: Member) -> None:
    send_files(ada, HELD)
    send_part(ada, {"a.py": "a", "b.py": "changed", "../x": "no"}, 1, 1)
    with ada.scope():
        assert sum(Batch.objects.values_list("new", flat=True)) == CodeQueue.objects.count() == 9
