"""The daily cycle: what is used stays, what is not fades, and what is cut off goes on."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from processing.dynamics import consolidating
from processing.dynamics.consolidating import consolidate
from processing.dynamics.statements import SQL_DIR
from processing.models import Consolidation, Layer, Memory, MemoryAccess, MemoryAssociation, MemoryStrength
from tests.conftest import Member

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def make(member: Member, *, days_old: float = 0, **values: Any) -> Memory:
    with member.scope():
        return Memory.objects.create(
            workspace=member.workspace,
            author=member.user,
            content=f"note {days_old} {values}",
            occurred_at=NOW - timedelta(days=days_old),
            **values,
        )


def use(member: Member, memory: Memory, *, days_ago: float) -> None:
    with member.scope():
        MemoryAccess.objects.create(
            workspace=member.workspace,
            memory=memory,
            reader=member.user,
            way="read",
            accessed_at=NOW - timedelta(days=days_ago),
        )


def run(member: Member, *, day: float = 0) -> int:
    return consolidate(member.workspace.id, moment=NOW + timedelta(days=day))


def strength(member: Member, memory: Memory) -> MemoryStrength:
    with member.scope():
        return MemoryStrength.objects.get(memory=memory)


def test_an_unused_memory_fades_and_leaves_a_part_in_the_core(ada: Member) -> None:
    memory = make(ada, days_old=10, importance=0.5)
    assert run(ada) == 1
    found = strength(ada, memory)
    assert found.working == pytest.approx(math.exp(-1.5))
    assert found.core == pytest.approx(0.08 * (0.2 + 0.25) * (math.exp(-0.05) - math.exp(-1.5)) / 0.145)
    assert (found.layer, found.consolidations, found.consolidated_at) == (Layer.WORKING, 1, NOW)


def test_a_day_at_a_time_is_all_days_at_once(ada: Member) -> None:
    memory = make(ada, days_old=0, importance=0.7)
    run(ada)
    for day in range(1, 8):
        run(ada, day=day)
    daily = strength(ada, memory)
    with ada.scope():
        MemoryStrength.objects.all().delete()
        Consolidation.objects.all().delete()
    run(ada, day=7)
    at_once = strength(ada, memory)
    assert daily.working == pytest.approx(at_once.working)
    assert daily.core == pytest.approx(at_once.core)
    assert daily.consolidations == 8


def test_a_use_restores_the_working_trace_and_is_counted(ada: Member) -> None:
    used, unused = make(ada, days_old=20), make(ada, days_old=20)
    use(ada, used, days_ago=3)
    use(ada, used, days_ago=1)
    run(ada)
    assert strength(ada, used).working == pytest.approx(math.exp(-0.15))
    assert strength(ada, used).core > strength(ada, unused).core
    assert (strength(ada, used).access_count, strength(ada, used).last_accessed_at) == (2, NOW - timedelta(days=1))
    run(ada, day=1)
    assert strength(ada, used).access_count == 2


def test_layers_follow_the_traces(ada: Member) -> None:
    vital, trivial = make(ada, days_old=30, importance=1.0), make(ada, days_old=30, importance=0.1)
    run(ada)
    assert strength(ada, vital).layer == Layer.CORE
    assert strength(ada, trivial).layer == Layer.ARCHIVE
    use(ada, trivial, days_ago=-0.5)
    run(ada, day=1)
    assert strength(ada, trivial).layer == Layer.WORKING
    run(ada, day=1_000)
    assert strength(ada, vital).layer == Layer.ARCHIVE


def test_what_is_pinned_stays(ada: Member) -> None:
    memory = make(ada, days_old=400, importance=0.1)
    answer = ada.api.patch(f"/api/memories/{memory.pk}", {"pinned": True}).json()
    assert (answer["strength"]["layer"], answer["strength"]["pinned"]) == ("core", True)
    run(ada)
    run(ada, day=300)
    assert (strength(ada, memory).working, strength(ada, memory).layer) == (1.0, Layer.CORE)
    assert ada.api.patch(f"/api/memories/{memory.pk}", {"pinned": False}).json()["strength"]["pinned"] is False
    run(ada, day=1_300)
    assert strength(ada, memory).layer == Layer.ARCHIVE


def test_a_memory_of_ancient_or_future_days_does_no_harm(ada: Member) -> None:
    ancient, future = make(ada, days_old=18_000), make(ada, days_old=-30)
    run(ada)
    assert (strength(ada, ancient).working, strength(ada, ancient).layer) == (0, Layer.ARCHIVE)
    assert strength(ada, future).working == 1


def test_a_cycle_is_done_once_a_day(ada: Member) -> None:
    make(ada, days_old=1)
    assert [run(ada), run(ada), run(ada, day=0.5), run(ada, day=1)] == [1, 0, 0, 1]


def test_a_cycle_that_was_cut_off_goes_on_where_it_was(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consolidating, "SLICE", 2)
    memories = [make(ada, days_old=number) for number in range(5)]
    with ada.scope():
        Consolidation.objects.create(
            workspace=ada.workspace, moment=NOW, last_memory_id=sorted(memory.pk for memory in memories)[2]
        )
    assert run(ada, day=3) == 2
    with ada.scope():
        assert set(MemoryStrength.objects.values_list("consolidated_at", flat=True)) == {NOW}
        assert Consolidation.objects.get().finished_at is not None


def test_the_third_time_together_makes_a_link_that_fades(ada: Member) -> None:
    first, second = sorted((make(ada, days_old=1), make(ada, days_old=2)), key=lambda memory: memory.pk)
    for hours in (5, 4):
        use(ada, first, days_ago=hours / 24)
        use(ada, second, days_ago=hours / 24 - 10 / 86_400)
    run(ada)
    with ada.scope():
        pair = MemoryAssociation.objects.get()
        assert (pair.first_id, pair.second_id, pair.count, pair.strength) == (first.pk, second.pk, 2, 0)
    use(ada, second, days_ago=-0.5)
    use(ada, first, days_ago=-0.5)
    run(ada, day=1)
    run(ada, day=2)
    with ada.scope():
        pair = MemoryAssociation.objects.get()
        assert (pair.count, pair.strength) == (3, pytest.approx(0.95))
    for day in range(3, 48):
        run(ada, day=day)
    with ada.scope():
        assert not MemoryAssociation.objects.exists()


def test_half_a_minute_apart_or_by_another_reader_is_not_together(ada: Member, ben: Member) -> None:
    memories = [make(ada, days_old=number) for number in range(3)]
    use(ada, memories[0], days_ago=0.5)
    use(ada, memories[1], days_ago=0.5 - 31 / 86_400)
    use(ben, memories[2], days_ago=0.5)
    run(ada)
    with ada.scope():
        assert not MemoryAssociation.objects.exists()


def test_old_accesses_are_dropped_when_they_are_counted(ada: Member) -> None:
    memory = make(ada, days_old=200)
    use(ada, memory, days_ago=100)
    use(ada, memory, days_ago=1)
    run(ada)
    with ada.scope():
        assert MemoryAccess.objects.count() == 1
    assert strength(ada, memory).access_count == 2


def test_another_workspace_is_left_alone(ada: Member, cleo: Member) -> None:
    make(cleo, days_old=3)
    assert run(ada) == 0
    with cleo.scope():
        assert not MemoryStrength.objects.exists()


def test_what_was_given_together_is_found_along_an_index(ada: Member) -> None:
    statement = (SQL_DIR / "associate.sql").read_text()
    parameters = {"workspace": ada.workspace.id, "since": None, "moment": NOW}
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {statement}", parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "(accessed_at >= one.accessed_at) AND (accessed_at <= (one.accessed_at" in plan
