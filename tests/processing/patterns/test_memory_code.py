"""Files that conversations come back to: counted by exchange, named in several ways, never by a tool's output."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from processing.models import CodeFile, CodeObject, MemoryLink, Pattern
from processing.patterns.memory_code import describe_recurring_file
from processing.patterns.sightings import Tally
from supastate.workspaces.models import Project
from tests.conftest import Member
from tests.processing.patterns.conversations import (
    NOON,
    Conversation,
    detect,
    evidence_of,
    make_project,
    patterns_of,
)

CLAIMS = "queue/claims.py"


def add_file(member: Member, project: Project, path: str, uid: str) -> CodeObject:
    shared = {"workspace": member.workspace, "project": project, "author": member.user}
    with member.scope():
        file = CodeFile.objects.create(**shared, path=path, revision=1, blob_hash="0" * 64)
        return CodeObject.objects.create(
            **shared,
            file=file,
            uid=uid,
            kind="file",
            name=path,
            qualified_name=path,
            start_line=1,
            end_line=9,
            content="…",
        )


def test_a_file_of_three_exchanges_is_found_with_its_evidence(ada: Member) -> None:
    project = make_project(ada)
    add_file(ada, project, CLAIMS, "uid-of-claims")
    first, second = (
        Conversation(ada, f"s{number}", project=project, begins=NOON + timedelta(days=number)) for number in (0, 1)
    )
    first.asks()
    edited = [first.edits(CLAIMS), first.edits(CLAIMS), first.answers("Done, see queue/claims.py.")]
    first.asks("Thanks.")
    first.asks("What is it for?")
    discussed = [first.answers("`queue/claims.py` claims rows.")]
    second.asks()
    read = [second.reads(CLAIMS)]
    first.store()
    second.store()
    detect(ada)

    [pattern] = patterns_of(ada, "memory_code")
    assert pattern.title == (
        "queue/claims.py comes up again and again: 1 edit, 1 discussion, 1 reading in 2 sessions"
    )
    assert evidence_of(ada, pattern) == [[memory.id for memory in part] for part in (edited, discussed, read)]
    with ada.scope():
        assert {tuple(row.uids) for row in pattern.occurrences.all()} == {("uid-of-claims",)}
    assert (pattern.frequency, pattern.project_id) == (3, project.id)
    assert pattern.confidence == pytest.approx(1 - 0.8**3 * 0.7)
    assert (pattern.first_seen, pattern.last_seen) == (edited[0].occurred_at, read[0].occurred_at)


def test_twice_is_not_yet_a_pattern_but_is_remembered(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    for _ in range(2):
        talk.asks()
        talk.edits(CLAIMS)
    talk.store()
    detect(ada)
    assert patterns_of(ada, "memory_code") == []

    later = Conversation(ada, "s2")
    later.asks()
    later.edits(CLAIMS)
    later.store()
    detect(ada)
    assert [pattern.frequency for pattern in patterns_of(ada, "memory_code")] == [3]


def test_many_touches_of_one_exchange_count_once(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.asks()
    for _ in range(5):
        talk.edits(CLAIMS)
        talk.reads(CLAIMS)
    talk.store()
    detect(ada)
    assert patterns_of(ada, "memory_code") == []


def three_times(talk: Conversation, say: Any) -> None:
    for _ in range(3):
        talk.asks("Next.")
        say(talk)
    talk.store()
    detect(talk.member)


@pytest.mark.parametrize(
    "say",
    [
        lambda talk: talk.runs("ls", True, "queue/claims.py"),
        lambda talk: talk.answers("See https://example.org/queue/claims.py for more, e.g. version 3.11."),
        lambda talk: talk.answers("The file claims.py is somewhere."),
        lambda talk: talk.edits("/etc/hosts"),
        lambda talk: talk.edits("../other/claims.py"),
    ],
    ids=[
        "printed by a tool",
        "part of a URL",
        "no file of that name",
        "outside the project",
        "beside the project",
    ],
)
def test_a_near_miss_is_no_recurring_file(ada: Member, say: Any) -> None:
    three_times(Conversation(ada, "s1"), say)
    with ada.scope():
        assert list(Pattern.objects.filter(type="memory_code")) == []


def test_the_end_of_a_path_means_the_one_file_of_the_session_that_has_it(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.asks()
    talk.edits(CLAIMS)
    for _ in range(2):
        talk.asks()
        talk.answers("It is in claims.py.")
    talk.store()
    detect(ada)
    [pattern] = patterns_of(ada, "memory_code")
    assert pattern.details == {"path": CLAIMS, "edits": 1, "discussions": 2, "readings": 0, "sessions": 1}


def test_the_end_of_two_paths_means_neither(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.asks()
    talk.edits(CLAIMS)
    talk.edits("tests/claims.py")
    for _ in range(3):
        talk.asks()
        talk.answers("It is in claims.py.")
    talk.store()
    detect(ada)
    assert patterns_of(ada, "memory_code") == []


def test_a_file_of_the_project_is_known_by_its_bare_name(ada: Member) -> None:
    project = make_project(ada)
    add_file(ada, project, "setup.py", "uid-of-setup")
    three_times(Conversation(ada, "s1", project=project), lambda talk: talk.answers("Look into setup.py."))
    assert [pattern.details["path"] for pattern in patterns_of(ada, "memory_code")] == ["setup.py"]


def test_a_definition_that_is_surely_meant_names_its_file(ada: Member) -> None:
    project = make_project(ada)
    code = add_file(ada, project, CLAIMS, "uid-of-claims")
    talk = Conversation(ada, "s1", project=project)
    said = []
    for _ in range(3):
        talk.asks()
        said.append(talk.answers("The claim takes rows."))
    talk.store()
    with ada.scope():
        for memory, confidence in zip(said, (0.95, 0.8, 0.3), strict=True):
            MemoryLink.objects.create(
                workspace=ada.workspace,
                memory=memory,
                code_object=code,
                edge="mentions",
                how="qualified_name",
                confidence=confidence,
            )
    detect(ada)
    with ada.scope():
        files = Pattern.objects.filter(type="memory_code")
        assert [(row.frequency, row.confidence) for row in files] == [(2, 0.0)]


def test_more_sessions_make_it_surer_than_more_exchanges() -> None:
    def confidence(occurrences: int, sessions: int) -> float:
        tally = Tally(occurrences, sessions, {"e": occurrences}, authors=1, first=NOON, last=NOON)
        return describe_recurring_file({"path": CLAIMS}, tally).confidence

    assert confidence(2, 2) == 0
    assert 0 < confidence(3, 1) < confidence(4, 1) < confidence(4, 3) < confidence(40, 3) <= 1
