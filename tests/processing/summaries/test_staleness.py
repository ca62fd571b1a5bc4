"""A summary is stale when its sources change, whoever changes them; reading it has it made again, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from processing.models import CodeObject, Memory, MemoryLink, Session, SummaryQueue
from processing.summaries import asking
from processing.summaries.asking import ask_for_quiet_sessions
from processing.summaries.selecting import SummaryFilters, list_summaries
from supastate.queueing.models import Priority, Status
from tests import pipeline
from tests.conftest import Member
from tests.processing.patterns.conversations import Conversation, make_project
from tests.processing.summaries.cast import (
    get,
    hold_session,
    only_summary,
    rows_of,
    say,
    summaries_of,
    summarise,
)

pytestmark = pytest.mark.usefixtures("embedding_model_dir")
SOURCE = 'def total(cart):\n    """Add it all up."""\n    return sum(cart)\n'


def set_changed(member: Member, talk: Conversation, *, minutes: int) -> None:
    with member.scope():
        Session.objects.filter(pk=talk.session.pk).update(changed_at=timezone.now() - timedelta(minutes=minutes))


def test_a_missing_summary_is_pending_and_asked_for_once(ada: Member) -> None:
    talk = hold_session(ada)
    address = f"sessions/{talk.session.pk}/summary"
    for _ in range(3):
        assert get(ada, address, 202) == {
            "state": "pending",
            "subject": {"kind": "session", "id": str(talk.session.pk), "name": None, "path": None},
            "reason": None,
        }
    assert [row.priority for row in rows_of(ada)] == [Priority.INTERACTIVE]
    pipeline.summarise(ada)
    body = get(ada, address)
    assert (body["state"], body["stale"], body["method"]) == ("ready", False, "extractive")
    assert len(rows_of(ada)) == 1


def test_a_stale_summary_is_told_and_made_again_once(ada: Member) -> None:
    talk = hold_session(ada)
    summarise(ada, "session", talk.session)
    before = only_summary(ada)
    talk.answers("One more thing: the tests take a minute.")
    talk.store()
    address = f"sessions/{talk.session.pk}/summary"
    for _ in range(2):
        body = get(ada, address)
        assert (body["content"], body["stale"]) == (before.content, True)
    assert len(rows_of(ada)) == 2
    pipeline.summarise(ada)
    body = get(ada, address)
    assert "One more thing" in body["content"]
    assert body["stale"] is False
    assert body["id"] == str(before.pk)


def change_role(member: Member) -> None:
    Memory.objects.filter(content__startswith="Is the coffee").update(role="assistant")


def drop_unquoted(member: Member) -> None:
    Memory.objects.filter(content="1 failed").delete()


def add_by_sql(member: Member) -> None:
    Memory.objects.bulk_create(
        [Memory(workspace=member.workspace, author=member.user, session=Session.objects.get(), content="more")]
    )


@pytest.mark.parametrize(("change", "left"), [(change_role, []), (drop_unquoted, [True]), (add_by_sql, [True])])
def test_what_is_quoted_takes_the_summary_along_and_any_other_change_makes_it_stale(
    ada: Member, change: Any, left: list[bool]
) -> None:
    talk = hold_session(ada)
    summarise(ada, "session", talk.session)
    with ada.scope():
        change(ada)
    assert [summary.is_stale for summary in _read(ada)] == left


def _read(member: Member) -> list[Any]:
    with member.scope(member.user.id):
        return list_summaries(SummaryFilters(), after=None, limit=10)[0]


def test_being_embedded_or_read_changes_nothing(ada: Member) -> None:
    talk = hold_session(ada)
    summarise(ada, "session", talk.session)
    with ada.scope():
        Memory.objects.update(processing_status="embedded", importance=0.9)
    assert get(ada, f"sessions/{talk.session.pk}/summary")["stale"] is False


def test_a_summary_of_code_is_stale_when_the_code_or_the_talk_changes(ada: Member) -> None:
    pipeline.queue_code(ada, {"shop.py": SOURCE, "other.py": "X = 1\n"})
    pipeline.store(ada)
    with ada.scope():
        uids = {item.qualified_name: item.uid for item in CodeObject.objects.all()}
    for kind, name in (("entity", "shop.total"), ("file", "shop"), ("file", "other")):
        summarise(ada, kind, uids[name])

    def list_stale() -> list[str]:
        return sorted(item.path + item.name for item in _read(ada) if item.is_stale)

    assert list_stale() == []
    pipeline.queue_code(ada, {"shop.py": SOURCE + "\nRATE = 2\n"})
    pipeline.store(ada)
    assert list_stale() == ["shop.py"]
    summarise(ada, "file", uids["shop"])
    memory = say(ada, "The total ignores taxes.")
    with ada.scope():
        MemoryLink.objects.create(
            workspace=ada.workspace,
            memory=memory,
            code_object=CodeObject.objects.get(name="total"),
            edge="mentions",
            how="identifier",
            confidence=0.9,
        )
    assert list_stale() == ["shop.py", "shop.pyshop.total"]
    summarise(ada, "entity", uids["shop.total"])
    body = get(ada, f"graph/entities/{uids['shop.total']}/summary")
    assert body["content"].split("\n") == [
        "Function shop.total (shop.py).",
        "def total(cart)",
        "Add it all up.",
        "Talk: 1 memory",
        "- The total ignores taxes.",
    ]


def test_a_class_that_gains_a_method_has_a_stale_summary_and_one_that_moves_has_not(ada: Member) -> None:
    pipeline.queue_code(ada, {"shop.py": "class Cart:\n    def add(self): ...\n"})
    pipeline.store(ada)
    with ada.scope():
        uid = CodeObject.objects.get(name="Cart").uid
    summarise(ada, "entity", uid)
    assert only_summary(ada).content.split("\n")[-1] == "Defines: add"
    pipeline.queue_code(ada, {"shop.py": "X = 1\n\nclass Cart:\n    def add(self): ...\n"})
    pipeline.store(ada)
    assert [item.is_stale for item in _read(ada)] == [False]
    pipeline.queue_code(ada, {"shop.py": "class Cart:\n    def add(self): ...\n\n    def drop(self): ...\n"})
    pipeline.store(ada)
    assert [item.is_stale for item in _read(ada)] == [True]


def test_code_that_goes_takes_its_summary_along(ada: Member) -> None:
    pipeline.queue_code(ada, {"shop.py": SOURCE})
    pipeline.store(ada)
    with ada.scope():
        uid = CodeObject.objects.get(name="total").uid
    summarise(ada, "entity", uid)
    pipeline.queue_code(ada, {"shop.py": None})
    pipeline.store(ada)
    assert summaries_of(ada) == []
    get(ada, f"graph/entities/{uid}/summary", 404)


def test_a_project_tells_its_size_sessions_and_patterns(ada: Member) -> None:
    pipeline.queue_code(ada, {"shop.py": SOURCE})
    pipeline.store(ada)
    with ada.scope():
        project = CodeObject.objects.first().project  # type: ignore[union-attr]
    talk = hold_session(ada, project=project)
    summarise(ada, "session", talk.session)
    summarise(ada, "project", project)
    body = get(ada, f"projects/{project.pk}/summary")
    assert body["content"].split("\n") == [
        "Size: 1 file (python 1), 4 lines, 1 definition, 1 session",
        f"Session: {talk.session.ended_at.date()}, Why does the queue stall when a worker is killed?",
    ]
    assert get(ada, "projects/example.org/acme/shop/summary")["id"] == body["id"]


def test_an_empty_project_has_a_summary(ada: Member) -> None:
    project = make_project(ada)
    summarise(ada, "project", project)
    assert only_summary(ada).content == "Size: 0 files, 0 lines, 0 definitions, 0 sessions"


def test_sessions_that_came_to_rest_are_summarised_by_the_schedule(ada: Member) -> None:
    quiet, busy = hold_session(ada, "quiet"), hold_session(ada, "busy")
    set_changed(ada, quiet, minutes=11)
    set_changed(ada, busy, minutes=3)
    for _ in range(2):
        ask_for_quiet_sessions()
    [row] = rows_of(ada)
    assert (row.subject, row.priority) == (str(quiet.session.pk), Priority.BACKFILL)
    pipeline.summarise(ada)
    ask_for_quiet_sessions()
    assert len(rows_of(ada)) == 1
    set_changed(ada, quiet, minutes=12)
    ask_for_quiet_sessions()
    assert len(rows_of(ada)) == 2


def test_one_run_of_the_schedule_is_bounded_and_takes_the_newest(
    ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_QUIET", 2)
    for number in range(4):
        set_changed(ada, Conversation(ada, f"s{number}"), minutes=20 - number)
    ask_for_quiet_sessions()
    with ada.scope():
        keys = Session.objects.filter(pk__in=[row.subject for row in rows_of(ada)])
        assert set(keys.values_list("key", flat=True)) == {"s2", "s3"}


def test_a_session_whose_summary_died_is_left_alone_until_it_changes(ada: Member) -> None:
    talk = hold_session(ada)
    set_changed(ada, talk, minutes=30)
    with ada.scope():
        SummaryQueue.objects.create(
            workspace=ada.workspace,
            kind="session",
            subject=str(talk.session.pk),
            status=Status.DEAD,
            error_code="internal_error",
            processed_at=Now(),
        )
    ask_for_quiet_sessions()
    assert len(rows_of(ada)) == 1
    address = f"sessions/{talk.session.pk}/summary"
    body = get(ada, address)
    assert (body["state"], body["reason"]) == ("failed", "internal_error")
    body = {"kind": "session", "id": str(talk.session.pk)}
    assert ada.api.post("/api/summaries/refresh", body, format="json").status_code == 202
    get(ada, address, 202)
    pipeline.summarise(ada)
    assert get(ada, address)["state"] == "ready"


def test_a_worker_that_vanished_loses_nothing(ada: Member) -> None:
    talk = hold_session(ada)
    asking.ask_for_summary("session", str(talk.session.pk), workspace_id=ada.workspace.id)
    with ada.scope():
        SummaryQueue.objects.update(
            status=Status.PROCESSING,
            lease_token=uuid4(),
            lease_until=timezone.now() - timedelta(seconds=1),
            attempts=1,
        )
    assert pipeline.summarise(ada) == 1
    assert only_summary(ada).content.startswith("Request: ")
    [row] = rows_of(ada)
    assert row.status == "completed"
