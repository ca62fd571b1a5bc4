"""A failing command, edits, the same command passing: found; everything that only looks like it: not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conftest import Member
from tests.processing.patterns.conversations import (
    NOON,
    Conversation,
    detect,
    evidence_of,
    make_project,
    patterns_of,
)

CLAIM_TESTS = "pytest tests/test_claims.py"


def test_a_failure_mended_by_an_edit_is_found_with_its_evidence(ada: Member) -> None:
    project = make_project(ada)
    talk = Conversation(ada, "s1", project=project)
    talk.asks("The claim tests fail.")
    evidence = talk.fixes(CLAIM_TESTS, "queue/claims.py")
    talk.store()

    assert detect(ada).status == "completed"

    [pattern] = patterns_of(ada, "debugging")
    assert pattern.title == "`pytest tests/test_claims.py` failed, fixed by editing queue/claims.py"
    assert evidence_of(ada, pattern) == [evidence]
    assert (pattern.frequency, pattern.confidence, pattern.project_id) == (1, 0.6, project.id)
    assert pattern.first_seen == pattern.last_seen == talk.now
    assert pattern.details == {"command": CLAIM_TESTS, "file": "queue/claims.py", "sessions": 1}


def test_all_failures_and_edits_of_an_episode_are_evidence(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    evidence = [
        talk.runs(f"{CLAIM_TESTS} -q", False),
        talk.edits("queue/claim.sql"),
        talk.runs(f"python -m {CLAIM_TESTS}", False),
        talk.edits("queue/claims.py"),
        talk.edits("tests/test_claims.py"),
    ]
    talk.runs("mypy", True)
    talk.reads("queue/models.py")
    evidence.append(talk.runs(f"cd /code && {CLAIM_TESTS} 2>&1", True))
    talk.store()
    detect(ada)

    [pattern] = patterns_of(ada, "debugging")
    failures, edits = [evidence[0], evidence[2]], [evidence[1], evidence[3], evidence[4]]
    assert evidence_of(ada, pattern) == [[memory.id for memory in (*failures, *edits, evidence[5])]]
    assert pattern.details["file"] == "queue/claims.py", "edited after the last failure, and not the test itself"


def test_the_same_trouble_in_other_sessions_and_of_other_people_is_one_pattern(ada: Member, ben: Member) -> None:
    project = make_project(ada)
    for number, member in enumerate((ada, ben, ada)):
        talk = Conversation(member, f"s{number}", project=project, begins=NOON + timedelta(days=number))
        talk.fixes(CLAIM_TESTS, "queue/claims.py")
        talk.store()
    detect(ada)

    [pattern] = patterns_of(ada, "debugging")
    assert (pattern.frequency, pattern.confidence) == (3, 0.936)
    assert pattern.first_seen == NOON + timedelta(minutes=6)
    assert pattern.last_seen == NOON + timedelta(days=2, minutes=6)


def test_another_file_or_project_is_another_pattern(ada: Member) -> None:
    for number, (path, file) in enumerate([("/a", "x.py"), ("/a", "y.py"), ("/b", "x.py")]):
        talk = Conversation(ada, f"s{number}", project=make_project(ada, path))
        talk.fixes("make test", file)
        talk.store()
    detect(ada)
    assert len(patterns_of(ada, "debugging")) == 3


def test_a_wider_run_that_passes_ends_the_trouble_of_a_narrower(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.runs(CLAIM_TESTS, False)
    talk.edits("queue/claims.py")
    talk.runs("pytest tests/test_claims.py tests/test_runner.py", True)
    talk.store()
    detect(ada)
    [pattern] = patterns_of(ada, "debugging")
    assert pattern.details["command"] == CLAIM_TESTS


def test_a_second_episode_of_one_session_is_counted(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    first = talk.fixes(CLAIM_TESTS, "queue/claims.py")
    second = talk.fixes(CLAIM_TESTS, "queue/claims.py")
    talk.store()
    detect(ada)
    [pattern] = patterns_of(ada, "debugging")
    assert pattern.frequency == 2
    assert evidence_of(ada, pattern) == [first, second]
    assert pattern.details["sessions"] == 1


def passes_again_without_edit(talk: Conversation) -> None:
    talk.edits("queue/claims.py")
    talk.runs(CLAIM_TESTS, False)
    talk.reads("queue/claims.py")
    talk.runs(CLAIM_TESTS, True)


def passes_without_edit_since_the_last_failure(talk: Conversation) -> None:
    talk.runs(CLAIM_TESTS, False)
    talk.edits("queue/claims.py")
    talk.runs(CLAIM_TESTS, False)
    talk.runs(CLAIM_TESTS, True)


def edits_without_failure(talk: Conversation) -> None:
    talk.runs(CLAIM_TESTS, True)
    talk.edits("queue/claims.py")
    talk.runs(CLAIM_TESTS, True)


def another_command_passes(talk: Conversation) -> None:
    talk.runs(CLAIM_TESTS, False)
    talk.edits("queue/claims.py")
    talk.runs("pytest tests/test_runner.py", True)
    talk.runs("mypy", True)


def passes_before_the_edit(talk: Conversation) -> None:
    talk.runs(CLAIM_TESTS, False)
    talk.runs(CLAIM_TESTS, True)
    talk.edits("queue/claims.py")
    talk.runs(CLAIM_TESTS, True)


def nobody_knows_whether_it_failed(talk: Conversation) -> None:
    talk.runs(CLAIM_TESTS, None)
    talk.edits("queue/claims.py")
    talk.runs(CLAIM_TESTS, True)


def nobody_knows_whether_it_passed(talk: Conversation) -> None:
    talk.runs(CLAIM_TESTS, False)
    talk.edits("queue/claims.py")
    talk.runs(CLAIM_TESTS, None)


def a_pipe_hides_the_end(talk: Conversation) -> None:
    talk.runs(CLAIM_TESTS, False)
    talk.edits("queue/claims.py")
    talk.runs(f"{CLAIM_TESTS} | tail -3", True, "2 failed, 1 passed in 0.31s")


def the_edit_was_refused(talk: Conversation) -> None:
    talk.runs(CLAIM_TESTS, False)
    talk.edits("queue/claims.py", success=False)
    talk.runs(CLAIM_TESTS, True)


def the_edit_came_while_the_passing_run_was_under_way(talk: Conversation) -> None:
    talk.runs(CLAIM_TESTS, False)
    run = talk.starts(CLAIM_TESTS)
    talk.edits("queue/claims.py")
    talk.ends(run, True)


def the_command_only_looked(talk: Conversation) -> None:
    talk.runs("grep -rn lease_token queue", False)
    talk.edits("queue/claims.py")
    talk.runs("grep -rn lease_token queue", True)


def a_narrower_run_passes(talk: Conversation) -> None:
    talk.runs("pytest", False)
    talk.edits("queue/claims.py")
    talk.runs(CLAIM_TESTS, True)


def it_never_passes(talk: Conversation) -> None:
    talk.runs(CLAIM_TESTS, False)
    talk.edits("queue/claims.py")
    talk.runs(CLAIM_TESTS, False)


def only_words(talk: Conversation) -> None:
    talk.asks("pytest tests/test_claims.py failed with an error, please fix the bug.")
    talk.answers("I fixed the bug in `queue/claims.py`: debugging done, the test passes.")


@pytest.mark.parametrize(
    "happen",
    [
        passes_again_without_edit,
        passes_without_edit_since_the_last_failure,
        edits_without_failure,
        another_command_passes,
        passes_before_the_edit,
        nobody_knows_whether_it_failed,
        nobody_knows_whether_it_passed,
        a_pipe_hides_the_end,
        the_edit_was_refused,
        the_edit_came_while_the_passing_run_was_under_way,
        the_command_only_looked,
        a_narrower_run_passes,
        it_never_passes,
        only_words,
    ],
)
def test_a_near_miss_is_no_debugging(ada: Member, happen: Callable[[Conversation], None]) -> None:
    talk = Conversation(ada, "near-miss")
    happen(talk)
    talk.store()
    assert detect(ada).status == "completed"
    assert patterns_of(ada, "debugging") == []


def test_edits_of_another_session_mend_nothing(ada: Member) -> None:
    broken, edited = Conversation(ada, "broken"), Conversation(ada, "edited", begins=NOON + timedelta(seconds=90))
    broken.runs(CLAIM_TESTS, False)
    edited.edits("queue/claims.py")
    broken.now += timedelta(minutes=10)
    broken.runs(CLAIM_TESTS, True)
    broken.store()
    edited.store()
    detect(ada)
    assert patterns_of(ada, "debugging") == []


def test_edits_of_another_project_mend_nothing(ada: Member) -> None:
    talk = Conversation(ada, "s1", project=make_project(ada, "/a"))
    talk.runs("make test", False)
    talk.project = make_project(ada, "/b")
    talk.edits("x.py")
    talk.project = make_project(ada, "/a")
    talk.runs("make test", True)
    talk.store()
    detect(ada)
    assert patterns_of(ada, "debugging") == []
