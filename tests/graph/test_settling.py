"""The second turn of the graph stage beside edits: in the end the graph says what the facts say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph import changes, settling, syncing
from graph.models import WHOLE_PROJECT, GraphFile, GraphQueue
from graph.settling import settle_project
from graph.store import GraphStore
from graph.writers import acquire_writer, release_writer
from supastate.errors import TransientError
from supastate.queueing.claims import LeaseLostError, claim_rows
from supastate.queueing.models import Priority, Status
from tests import pipeline
from tests.conftest import Member
from tests.graph.editing import Source, edit, projects
from tests.graph.test_following_edits import (
    CART,
    EXAMPLES,
    SHOP,
    SHOP_WITHOUT_TAX,
    bring,
    bring_facts,
    checksum,
    find_project,
    find_uid,
    forget,
    rebuild_from_nothing,
    sync_first,
)

ROUNDS = 3
Project = Mapping[str, Source]


def place_of(member: Member) -> dict[str, UUID]:
    return {"workspace_id": member.workspace.id, "project_id": find_project(member)}


def settle(member: Member, meanwhile: Iterable[None] = ()) -> bool:
    """Run a second turn in which one of `meanwhile` happens before each file."""
    happens = iter(meanwhile)
    return settle_project(**place_of(member), renew=lambda: None, check=lambda: next(happens, None))


class Killed(BaseException):
    """Ends a turn between its effect in the store and its record in Postgres."""


@contextmanager
def kill_before_recording(is_killed: bool) -> Iterator[None]:
    def end(*_: object, **__: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        if is_killed:
            patch.setattr(changes, "record_written", end)
        with suppress(Killed):
            yield


def change(member: Member, before: Project, after: Project) -> None:
    gone = dict.fromkeys(before.keys() - after.keys())
    bring_facts(member, {path: found.text() for path, found in after.items() if before.get(path) != found} | gone)


@settings(
    max_examples=EXAMPLES * 3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_after_any_edits_beside_a_second_turn_the_graph_equals_a_rebuild(
    ada: Member, store: GraphStore, data: st.DataObject
) -> None:
    forget(ada)
    seen: list[Project] = [{}, data.draw(projects)]
    bring(ada, {path: found.text() for path, found in seen[-1].items()})

    def draw_change() -> None:
        """Change files, or take changes back."""
        before = seen[-1]
        seen.append(data.draw(st.one_of(edit(dict(before)), st.sampled_from(seen[1:]))))
        change(ada, before, seen[-1])

    def draw_changes(step: Callable[[], None]) -> Iterator[None]:
        for _ in range(3):
            yield step() if data.draw(st.booleans()) else None

    def draw_edit() -> None:
        """Change files, and mostly run the first turn: of these files, or of all."""
        draw_change()
        if data.draw(st.booleans()):
            with pytest.MonkeyPatch.context() as patch, kill_before_recording(data.draw(st.integers(0, 3)) == 0):
                if data.draw(st.integers(0, 2)) == 0:
                    patch.setattr(syncing, "MOST_WRITTEN_FIRST", 0)
                    patch.setattr(syncing, "LARGEST_SHARE_FIRST", 0)
                sync_first(ada, draw_changes(draw_change))

    for _ in range(ROUNDS):
        draw_edit()
        with kill_before_recording(data.draw(st.integers(0, 3)) == 0):
            settle(ada, draw_changes(draw_edit))
    sync_first(ada)
    assert settle(ada)
    followed = checksum(ada)
    assert rebuild_from_nothing(ada) == followed


def test_an_edit_is_in_the_graph_while_a_second_turn_is_on(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    tax = find_uid(ada, "tax")

    def edit_shop() -> Iterator[None]:
        bring_facts(ada, {"shop.py": SHOP_WITHOUT_TAX})
        assert not sync_first(ada).is_settled
        assert store.entity(ada.workspace.id, tax) is None
        yield

    bring_facts(ada, {"cart.py": CART.replace("total", "sum_up")})
    assert not sync_first(ada).is_settled
    assert not settle(ada, edit_shop())
    assert settle(ada)
    assert settle(ada)
    assert store.entity(ada.workspace.id, tax) is None
    assert rebuild_from_nothing(ada) == checksum(ada)


def test_what_was_gone_for_a_moment_has_its_callers_again(ada: Member, store: GraphStore) -> None:
    """Nothing of `cart.py` changes, and yet its edge went with the function that it calls."""
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    before = checksum(ada)
    for text in (SHOP.replace("price", "cost"), SHOP):
        bring_facts(ada, {"shop.py": text})
        assert not sync_first(ada).is_settled
    assert checksum(ada) != before
    assert settle(ada)
    assert checksum(ada) == before


def test_an_edit_taken_back_during_a_second_turn_leaves_nothing_behind(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    before = checksum(ada)
    bring_facts(ada, {"shop.py": SHOP.replace("price", "cost")})

    def take_back() -> Iterator[None]:
        bring_facts(ada, {"shop.py": SHOP})
        sync_first(ada)
        yield

    assert not settle(ada, take_back())
    assert settle(ada)
    assert checksum(ada) == before


def test_one_second_turn_waits_for_all_edits_before_it(
    ada: Member, store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    monkeypatch.setattr(settling, "FILES_A_SECOND", 1)
    waits = []
    for text, earlier in ((SHOP_WITHOUT_TAX, 5), (SHOP, 0)):
        bring_facts(ada, {"shop.py": text})
        syncing.sync_due(workspace_id=ada.workspace.id, on_synced=lambda *_: None, on_outdated=lambda _: None)
        with ada.scope():
            [row] = GraphQueue.objects.exclude(status=Status.COMPLETED)
            waits.append(round((row.run_after - row.created_at).total_seconds(), 1))
            GraphQueue.objects.filter(pk=row.pk).update(created_at=row.created_at - timedelta(seconds=earlier))
    assert (row.path, row.status, row.priority) == (WHOLE_PROJECT, Status.PENDING, Priority.BACKFILL)
    assert waits[0] == 2
    assert 7 <= waits[1] < 10
    with ada.scope():
        GraphQueue.objects.filter(pk=row.pk).update(created_at=row.created_at - timedelta(seconds=60))
        settling.ask_to_settle(**place_of(ada))
    assert pipeline.sync_graph(ada) == 1
    with ada.scope():
        assert not GraphQueue.objects.exclude(status=Status.COMPLETED).exists()
        assert not [row for row in GraphFile.objects.all() if row.synced_hash != row.facts_hash]


def test_two_second_turns_of_a_project_are_never_on_together(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    place = place_of(ada)
    with ada.scope():
        settling.ask_to_settle(**place)
        [first] = claim_rows(GraphQueue, workspace_id=ada.workspace.id, size=1).rows
        settling.ask_to_settle(**place)
        settling.ask_to_settle(**place)
    assert pipeline.sync_graph(ada) == 1
    with ada.scope():
        [second] = GraphQueue.objects.filter(path=WHOLE_PROJECT, status=Status.PENDING)
        assert (second.error_code, second.attempts) == ("graph_busy", 0)
        GraphQueue.objects.filter(pk=first.pk).update(status=Status.COMPLETED)
        GraphQueue.objects.filter(pk=second.pk).update(run_after=second.created_at)
    assert pipeline.sync_graph(ada) == 1


def test_a_second_turn_that_lost_its_lease_writes_nothing(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP.replace("price", "cost"), "cart.py": CART})
    bring_facts(ada, {"shop.py": SHOP})
    sync_first(ada)
    before = checksum(ada)

    def lose() -> None:
        raise LeaseLostError

    with pytest.raises(LeaseLostError):
        settle_project(**place_of(ada), renew=lose, check=lambda: None)
    assert checksum(ada) == before
    assert settle(ada)
    assert checksum(ada) != before


def test_a_second_turn_does_not_wait_for_ever_for_another_writer(
    ada: Member, store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    bring_facts(ada, {"shop.py": SHOP.replace("price", "cost")})
    sync_first(ada)
    writer = acquire_writer(**place_of(ada))
    assert writer is not None
    monkeypatch.setattr(settling, "PATIENCE_SECONDS", 0.2)
    with pytest.raises(TransientError) as error:
        settle(ada)
    assert (error.value.error_code, error.value.counts_as_attempt) == ("graph_busy", False)
    release_writer(writer)
    assert settle(ada)
