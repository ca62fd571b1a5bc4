"""Summaries are read instead of other sessions' turns, within a share of the budget, each with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests import pipeline
from tests.conftest import Member
from tests.processing.patterns.conversations import NOON, Conversation, make_project
from tests.processing.summaries.cast import hold_session, summaries_of, summarise

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")


def ask(member: Member, **body: Any) -> dict[str, Any]:
    answer = member.api.post("/api/context", body, format="json")
    assert answer.status_code == 200, answer.content
    context: dict[str, Any] = answer.json()
    return context


def section(answer: dict[str, Any]) -> dict[str, Any]:
    [found] = [item for item in answer["explain"]["sections"] if item["section"] == "summaries"]
    return dict(found)


def hold_day(member: Member, key: str, day: int, **options: Any) -> Conversation:
    talk = hold_session(member, key, begins=NOON + timedelta(days=day), **options)
    with member.scope():
        type(talk.session).objects.filter(pk=talk.session.pk).update(ended_at=talk.now)
    summarise(member, "session", talk.session)
    return talk


def test_the_newest_sessions_of_the_project_are_told_with_the_newest_last(ada: Member) -> None:
    project = make_project(ada)
    for day in range(5):
        hold_day(ada, f"day {day}", day, project=project)
    pipeline.embed(ada)
    answer = ask(ada, query="armchair", project="shop", tokenBudget=20_000)
    shown = section(answer)["shown"]
    assert {item["reason"] for item in shown} <= {"recent", "search"}
    told = [message for message in answer["messages"] if message["source"]["kind"] == "summary"]
    assert [message["source"]["session"]["key"] for message in told][-3:] == ["day 2", "day 3", "day 4"]
    assert told[0]["content"].startswith("Summary, 2026-03-")
    assert told[0]["source"]["stale"] is False


def test_a_long_sessions_own_summary_stands_for_the_turns_that_are_not_read(ada: Member) -> None:
    project = make_project(ada)
    talk = Conversation(ada, "long", project=project)
    for number in range(60):
        talk.asks(f"Turn {number} about the lease.")
    talk.store()
    short = hold_session(ada, "short", project=project)
    for session in (talk.session, short.session):
        summarise(ada, "session", session)
    own = {summary.subject: str(summary.pk) for summary in summaries_of(ada)}
    of_long = reasons(ask(ada, session="long", tokenBudget=20_000))
    of_short = reasons(ask(ada, session="short", tokenBudget=20_000))
    assert of_long[own[str(talk.session.pk)]] == "session"
    assert "session" not in of_short.values()
    assert own[str(short.session.pk)] not in of_short


def reasons(answer: dict[str, Any]) -> dict[str, str]:
    return {item["id"]: item["reason"] for item in section(answer)["shown"]}


def test_without_summaries_the_section_takes_nothing(ada: Member) -> None:
    hold_session(ada, project=make_project(ada))
    found = section(ask(ada, query="queue", project="shop"))
    assert (found["allowed"], found["tokens"], found["shown"]) == (0, 0, [])


def test_summaries_keep_within_the_budget(ada: Member) -> None:
    project = make_project(ada)
    for day in range(3):
        hold_day(ada, f"day {day}", day, project=project)
    answer = ask(ada, query="queue", project="shop", tokenBudget=400)
    assert answer["tokens"] <= 400


def test_anothers_private_session_is_not_told(ada: Member, ben: Member) -> None:
    project = make_project(ada)
    hold_day(ada, "own", 1, project=project, visibility="private")
    answer = ask(ben, query="queue", project="shop", tokenBudget=20_000)
    assert section(answer)["shown"] == []
    assert len(section(ask(ada, query="queue", project="shop", tokenBudget=20_000))["shown"]) == 1
