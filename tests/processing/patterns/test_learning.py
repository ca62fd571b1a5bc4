"""Asking and reading without an edit: found; whatever prepares or follows a change: not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conftest import Member
from tests.processing.patterns.conversations import NOON, Conversation, detect, evidence_of, patterns_of


def study(talk: Conversation, question: str = "How are rows claimed?") -> list[object]:
    said = [talk.asks(question), talk.reads("queue/claims.py"), talk.reads("queue/leases.py")]
    talk.answers("By priority.")
    return [memory.id for memory in said]


def test_a_question_answered_by_reading_is_a_study_of_the_folder(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    evidence = study(talk)
    talk.store()
    detect(ada)
    [pattern] = patterns_of(ada, "learning")
    assert pattern.title == "ada is learning about queue: 1 time in 1 session"
    assert pattern.details == {"author": "ada", "area": "queue", "sessions": 1}
    assert (pattern.scope, pattern.confidence, pattern.state) == ("person", 0.5, "new")
    assert evidence_of(ada, pattern) == [evidence]
    with ada.scope():
        assert pattern.occurrences.get().summary == "How are rows claimed?"


def test_studies_of_two_people_are_two_patterns(ada: Member, ben: Member) -> None:
    for number, member in enumerate((ada, ben, ben)):
        talk = Conversation(member, f"s{number}", begins=NOON + timedelta(days=number))
        study(talk)
        talk.store()
    detect(ada)
    assert {pattern.details["author"]: pattern.frequency for pattern in patterns_of(ada, "learning")} == {
        "ada": 1,
        "ben": 2,
    }


def edits_there(talk: Conversation) -> None:
    study(talk)
    talk.asks("Then take the oldest first.")
    talk.edits("queue/claims.py")


def edits_at_once(talk: Conversation) -> None:
    study(talk)
    talk.edits("docs/claims.md")


def is_a_request(talk: Conversation) -> None:
    study(talk, "Can you fix how rows are claimed?")


def reads_once(talk: Conversation) -> None:
    talk.asks("How are rows claimed?")
    talk.reads("queue/claims.py")


def looks_into_a_failure(talk: Conversation) -> None:
    talk.asks("Why is it red?")
    call = talk.starts("make test")
    result = talk.ends(call, False)
    assert result.tool is not None
    result.tool["exitCode"] = 1
    talk.reads("queue/claims.py")
    talk.reads("queue/leases.py")


@pytest.mark.parametrize("miss", [edits_there, edits_at_once, is_a_request, reads_once, looks_into_a_failure])
def test_a_near_miss_is_no_study(ada: Member, miss: Callable[[Conversation], None]) -> None:
    talk = Conversation(ada, "s1")
    miss(talk)
    talk.store()
    detect(ada)
    assert patterns_of(ada, "learning") == []


def test_an_edit_elsewhere_takes_nothing_back_and_one_there_does(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    study(talk)
    talk.asks("Now the docs.")
    talk.edits("docs/claims.md")
    talk.store()
    detect(ada)
    assert len(patterns_of(ada, "learning")) == 1
    talk.asks("And the code.")
    talk.edits("queue/leases.py")
    talk.store()
    detect(ada)
    assert patterns_of(ada, "learning") == []
