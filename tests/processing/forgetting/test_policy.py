"""Forgetting by a policy: nothing without one, and never what is used, pinned or relied on."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from processing.dynamics import consolidating
from processing.forgetting import by_cycle
from processing.memories.forgotten import forgotten_shown
from processing.models import (
    Consolidation,
    Contradiction,
    ForgettingPolicy,
    LinkQueue,
    Memory,
    MemoryAccess,
    Pattern,
    PatternOccurrence,
)
from tests.conftest import Member, make_member
from tests.processing.forgetting.cast import NOW, acts_of, forgotten, make, policy_of, run, set_policy, there
from tests.processing.memories.cast import client_of


def use(member: Member, memory: Memory, *, day: float) -> None:
    with member.scope():
        MemoryAccess.objects.create(
            workspace=member.workspace,
            memory=memory,
            reader=member.user,
            way="read",
            accessed_at=NOW + timedelta(days=day),
        )


def erase_now(member: Member) -> None:
    """Let the days until erasing have begun long ago."""
    with member.scope():
        ForgettingPolicy.objects.update(erase_since=NOW)


def test_without_a_policy_nothing_is_ever_forgotten(ada: Member) -> None:
    make(ada, "old")
    for day in (40, 4_000):
        run(ada, day=day)
    assert (forgotten(ada), there(ada), acts_of(ada)) == (set(), {"old"}, [])


def test_what_is_archived_and_untouched_is_forgotten_and_recorded(ada: Member) -> None:
    make(ada, "old")
    make(ada, "vital", importance=1.0)
    set_policy(ada, forgetAfterDays=90)
    run(ada, day=60)
    assert forgotten(ada) == set()
    run(ada, day=91)
    assert forgotten(ada) == {"old"}
    assert acts_of(ada) == [("forgotten", 1, False)]
    [act] = ada.api.get("/api/forgetting").json()["acts"]
    assert act["policy"]["forgetAfterDays"] == 90
    assert act["policy"]["changedBy"]["name"] == "ada"


def test_nothing_is_erased_unless_the_policy_says_so(ada: Member) -> None:
    make(ada, "old")
    set_policy(ada, forgetAfterDays=90)
    for day in (91, 5_000):
        run(ada, day=day)
    assert there(ada) == {"old"}


def test_what_is_forgotten_long_enough_is_erased(ada: Member) -> None:
    make(ada, "old")
    set_policy(ada, forgetAfterDays=90, eraseAfterDays=30)
    run(ada, day=91)
    [row] = ada.api.get("/api/forgetting").json()["results"]
    assert row["eraseAt"][:10] == (NOW + timedelta(days=121)).isoformat()[:10]
    run(ada, day=120)
    assert there(ada) == {"old"}
    run(ada, day=122)
    assert there(ada) == set()
    assert acts_of(ada) == [("forgotten", 1, False), ("erased", 1, False)]


def test_days_until_erasing_begin_when_they_are_set(ada: Member) -> None:
    memory = make(ada, "old")
    ada.api.post(f"/api/memories/{memory.pk}/forget")
    set_policy(ada, eraseAfterDays=30)
    erases = ada.api.get("/api/forgetting").json()["results"][0]["eraseAt"]
    assert erases[:10] == (timezone.now() + timedelta(days=30)).isoformat()[:10]
    with ada.scope():
        ForgettingPolicy.objects.update(erase_since=NOW + timedelta(days=100))
    run(ada, day=125)
    assert there(ada) == {"old"}
    run(ada, day=131)
    assert there(ada) == set()


def test_what_is_pinned_is_never_erased(ada: Member) -> None:
    memory = make(ada, "pinned")
    ada.api.patch(f"/api/memories/{memory.pk}", {"pinned": True})
    ada.api.post(f"/api/memories/{memory.pk}/forget")
    assert ada.api.post("/api/forgetting/preview", {"eraseAfterDays": 1}, format="json").json()["erases"] == 0
    set_policy(ada, eraseAfterDays=1)
    assert ada.api.get("/api/forgetting").json()["results"][0]["eraseAt"] is None
    run(ada, day=100)
    assert there(ada) == {"pinned"}


@pytest.mark.parametrize("seen_by_a_cycle", [False, True])
def test_what_was_used_in_the_meantime_stays(ada: Member, seen_by_a_cycle: bool) -> None:
    memory = make(ada, "used")
    set_policy(ada, forgetAfterDays=90)
    use(ada, memory, day=60)
    if seen_by_a_cycle:
        run(ada, day=61)
    run(ada, day=120)
    assert forgotten(ada) == set()
    run(ada, day=151)
    assert forgotten(ada) == {"used"}


def test_a_use_that_no_cycle_has_counted_yet_keeps_a_memory(ada: Member) -> None:
    memory = make(ada, "used")
    run(ada, day=80)
    set_policy(ada, forgetAfterDays=90)
    with ada.scope():
        cycle = Consolidation.objects.get()
        cycle.moment = NOW + timedelta(days=100)
    use(ada, memory, day=99)
    with ada.scope():
        assert by_cycle.forget_slice(cycle, after=UUID(int=0)) == 0


def test_what_is_restored_is_not_forgotten_the_next_day(ada: Member) -> None:
    memory = make(ada, "old")
    set_policy(ada, forgetAfterDays=90)
    run(ada, day=91)
    ada.api.post(f"/api/memories/{memory.pk}/restore")
    with ada.scope():
        MemoryAccess.objects.update(accessed_at=NOW + timedelta(days=91))
    run(ada, day=92.5)
    run(ada, day=150)
    assert forgotten(ada) == set()


def test_what_is_pinned_or_relied_on_stays(ada: Member) -> None:
    pinned, shown, holding, lost = (make(ada, text) for text in ("pinned", "shown", "holding", "lost"))
    ada.api.patch(f"/api/memories/{pinned.pk}", {"pinned": True})
    ada.api.post("/api/contradictions", {"memory": str(holding.pk), "contradicts": str(lost.pk)})
    with ada.scope():
        here: Any = {"workspace": ada.workspace, "author": ada.user}
        pattern = Pattern.objects.create(
            type="debugging", subtype="fix", key="k", title="t", state="confirmed",
            first_seen=NOW, last_seen=NOW, **here,
        )  # fmt: skip
        PatternOccurrence.objects.create(
            pattern=pattern, key="k", started_at=NOW, occurred_at=NOW, memory_ids=[shown.pk], **here
        )
    set_policy(ada, forgetAfterDays=90)
    run(ada, day=100)
    assert forgotten(ada) == {"lost"}
    with ada.scope(), forgotten_shown():
        Pattern.objects.update(state="new")
        Contradiction.objects.update(state="dismissed")
    run(ada, day=102)
    assert forgotten(ada) == {"lost", "shown", "holding"}


def test_a_cycle_that_is_cut_off_goes_on_and_counts_once(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consolidating, "SLICE", 2)
    monkeypatch.setattr(by_cycle, "ERASED_AT_ONCE", 2)
    for number in range(5):
        make(ada, f"old {number}")
    set_policy(ada, forgetAfterDays=90, eraseAfterDays=30)
    erase_now(ada)

    def break_off(*_: Any) -> None:
        raise RuntimeError

    real = consolidating.erase_slice
    monkeypatch.setattr(consolidating, "erase_slice", break_off)
    with pytest.raises(RuntimeError):
        run(ada, day=91)
    assert len(forgotten(ada)) == 5
    monkeypatch.setattr(consolidating, "erase_slice", real)
    run(ada, day=91)
    assert acts_of(ada) == [("forgotten", 5, False)]
    erased = []

    def erase_once(cycle: Consolidation) -> int:
        if erased:
            raise RuntimeError
        erased.append(real(cycle))
        return erased[0]

    monkeypatch.setattr(consolidating, "erase_slice", erase_once)
    with pytest.raises(RuntimeError):
        run(ada, day=122)
    assert (erased, len(there(ada))) == ([2], 3)
    monkeypatch.setattr(consolidating, "erase_slice", real)
    run(ada, day=122.5)
    assert there(ada) == set()
    assert acts_of(ada) == [("forgotten", 5, False), ("erased", 5, False)]


def test_two_workers_at_once_forget_and_erase_each_memory_once(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consolidating, "SLICE", 3)
    monkeypatch.setattr(by_cycle, "ERASED_AT_ONCE", 3)
    dora = make_member("west", "dora")
    for number in range(12):
        make(dora, f"old {number}")
    set_policy(dora, forgetAfterDays=90, eraseAfterDays=30)
    erase_now(dora)
    for day in (91, 122):
        start = threading.Barrier(2)

        def work(day: int = day, start: threading.Barrier = start) -> None:
            start.wait()
            run(dora, day=day)
            connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert there(dora) == set()
    assert acts_of(dora) == [("forgotten", 12, False), ("erased", 12, False)]


def test_forgetting_takes_shared_memories_of_a_project_out_of_the_graph(ada: Member) -> None:
    answer = ada.api.post("/api/memories", {"content": "old", "projectPath": "/code/shop", "importance": 0.1})
    with ada.scope():
        LinkQueue.objects.all().delete()
    set_policy(ada, forgetAfterDays=90)
    run(ada, day=100)
    with ada.scope():
        row = LinkQueue.objects.get()
    assert (str(row.memory_id), str(row.left_project_id)) == (answer.json()["id"], answer.json()["project"]["id"])


def test_the_list_goes_on_page_by_page(ada: Member) -> None:
    for number in range(5):
        ada.api.post(f"/api/memories/{make(ada, f'note {number}').pk}/forget")
    seen, cursor = [], ""
    for _ in range(3):
        page = ada.api.get("/api/forgetting", {"limit": 2, "cursor": cursor}).json()
        seen += [row["excerpt"] for row in page["results"]]
        cursor = page["nextCursor"] or ""
    assert (seen, cursor, page["forgotten"]) == ([f"note {number}" for number in range(5)], "", 5)


def test_a_preview_tells_and_does_nothing(ada: Member, ben: Member) -> None:
    make(ada, "shared")
    make(ada, "secret", visibility="private")
    run(ada, day=60)
    with ada.scope():
        past = NOW - timedelta(days=200)
        Memory.objects.update(created_at=past, updated_at=past)
    for who, texts in ((ada, {"shared", "secret"}), (ben, {"shared"})):
        told = who.api.post("/api/forgetting/preview", {"forgetAfterDays": 90}, format="json").json()
        assert (told["forgets"], {row["excerpt"] for row in told["examples"]}) == (2, texts)
    assert (forgotten(ada), acts_of(ada)) == (set(), [])
    with ada.scope():
        assert not ForgettingPolicy.objects.exists()
    ada.api.post(f"/api/memories/{make(ada, 'gone').pk}/forget")
    told = ada.api.post("/api/forgetting/preview", {"eraseAfterDays": 30}, format="json").json()
    assert (told["forgets"], told["erases"]) == (0, 1)
    assert told["erasesFrom"][:10] == (timezone.now() + timedelta(days=30)).isoformat()[:10]


def test_a_policy_is_an_admins_and_its_workspaces(ada: Member, cleo: Member) -> None:
    for path in ("policy", "preview"):
        assert client_of(ada, "search", "ingest").post(f"/api/forgetting/{path}").status_code in (403, 405)
    assert client_of(ada, "ingest", "search").patch("/api/forgetting/policy", {}).status_code == 403
    set_policy(ada, forgetAfterDays=90)
    assert client_of(ada, "search").get("/api/forgetting/policy").json()["forgetAfterDays"] == 90
    assert cleo.api.get("/api/forgetting/policy").json() == {
        "forgetAfterDays": None, "eraseAfterDays": None, "eraseSince": None, "changedBy": None, "changedAt": None,
    }  # fmt: skip
    make(cleo, "south")
    run(cleo, day=500)
    assert forgotten(cleo) == set()
    foreign = ada.api.patch("/api/forgetting/policy", {"workspace": "south"}, format="json")
    assert foreign.status_code == 404


def test_what_is_not_named_stays_and_null_is_never(ada: Member) -> None:
    set_policy(ada, forgetAfterDays=90, eraseAfterDays=30)
    began = policy_of(ada).erase_since
    set_policy(ada, forgetAfterDays=60)
    policy = policy_of(ada)
    assert (policy.forget_after_days, policy.erase_after_days, policy.erase_since) == (60, 30, began)
    set_policy(ada, eraseAfterDays=None)
    assert (policy_of(ada).erase_after_days, policy_of(ada).erase_since) == (None, None)


@pytest.mark.parametrize("days", [0, -1, 40_000, "soon", 1.5, True])
def test_days_that_cannot_be_are_refused(ada: Member, days: Any) -> None:
    answer = ada.api.patch("/api/forgetting/policy", {"eraseAfterDays": days}, format="json")
    assert (answer.status_code, answer.json()["field"]) == (400, "eraseAfterDays")
