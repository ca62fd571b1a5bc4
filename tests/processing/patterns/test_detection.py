"""Detection as a whole: a rerun changes nothing, only what is new is read, and private evidence stays private."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from ingest.models import MemoryQueue
from processing.models import Memory, Pattern, PatternCheckpoint, PatternOccurrence, PatternType
from processing.patterns.checkpoints import begin_span, find_new_talks
from processing.storing_memories import store_due
from tests.conftest import Member
from tests.processing.patterns.conversations import (
    Conversation,
    detect,
    evidence_of,
    make_project,
    patterns_of,
    snapshot,
)

SAMPLE = Path(__file__).parents[3] / "docs" / "sample" / "claude-code-session.jsonl"
CLAIMS = "queue/claims.py"


def a_full_session(member: Member, key: str, **options: object) -> Conversation:
    """One debugging episode and three exchanges about one file."""
    talk = Conversation(member, key, **options)  # type: ignore[arg-type]
    talk.asks("Mend it.")
    talk.fixes("make test", CLAIMS)
    for _ in range(2):
        talk.asks("And now?")
        talk.answers(f"See {CLAIMS}.")
    return talk.store()


def test_a_second_run_changes_nothing(ada: Member) -> None:
    a_full_session(ada, "s1")
    detect(ada)
    before = snapshot(ada)
    assert len(before) == 4 + 6  # a fix, a failing command, a file of three exchanges, and a sitting
    detect(ada)
    assert snapshot(ada) == before
    with ada.scope():
        PatternCheckpoint.objects.all().delete()
    detect(ada)
    assert snapshot(ada) == before


def test_only_sessions_with_something_new_are_read_again(ada: Member) -> None:
    a_full_session(ada, "old")
    detect(ada)
    with ada.scope():
        PatternOccurrence.objects.all().delete()  # what a second look at the old session would bring back
        Pattern.objects.all().delete()
    fresh = Conversation(ada, "fresh")
    evidence = fresh.fixes("make lint", "queue/models.py")
    fresh.store()
    detect(ada)
    [pattern] = patterns_of(ada, "debugging")
    assert pattern.details["command"] == "make lint"
    assert evidence_of(ada, pattern) == [evidence]


def test_a_session_that_goes_on_is_read_as_a_whole(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    evidence = [talk.runs("make test", False), talk.edits(CLAIMS)]
    talk.store()
    detect(ada)
    assert patterns_of(ada, "debugging") == []
    evidence.append(talk.runs("make test", True))
    talk.store()
    detect(ada)
    [pattern] = patterns_of(ada, "debugging")
    assert evidence_of(ada, pattern) == [[memory.id for memory in evidence]]


def test_a_late_line_takes_back_what_it_contradicts(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.runs("make test", False)
    late = talk.runs("make test", True)
    late_call, late_result = talk.pending[-2:]
    talk.pending = talk.pending[:-2]
    talk.edits(CLAIMS)
    talk.runs("make test", True)
    talk.store()
    detect(ada)
    assert len(patterns_of(ada, "debugging")) == 1

    late_call.id, late_result.id = (Conversation(ada, f"id{number}").asks().id for number in range(2))
    talk.pending = [late_call, late_result]
    talk.store()
    detect(ada)
    assert late is late_result
    assert patterns_of(ada, "debugging") == []


def test_the_checkpoint_never_passes_what_may_not_be_committed(ada: Member) -> None:
    """Memories made within the clocks' difference are read again: a slower writer's may lie before them."""
    talk = a_full_session(ada, "settled")
    detect(ada)
    with ada.scope():
        settled = max(Memory.objects.values_list("pk", flat=True))
        read = set(PatternCheckpoint.objects.values_list("type", "last_memory_id"))
        assert read == {(name, settled) for name in PatternType.values if name != "semantic"}
        just_now = Memory.objects.create(
            workspace=ada.workspace, author=ada.user, session=talk.session, content="?"
        )
    detect(ada)
    with ada.scope():
        for checkpoint in PatternCheckpoint.objects.all():
            assert settled < checkpoint.last_memory_id < just_now.pk


def test_many_sessions_are_read_in_slices(ada: Member) -> None:
    for number in range(7):
        a_full_session(ada, f"s{number}")
    detect(ada, limit=2)
    [debugging], [recurring] = patterns_of(ada, "debugging"), patterns_of(ada, "memory_code")
    assert (debugging.frequency, recurring.frequency) == (7, 21)
    assert recurring.details["sessions"] == 7


def test_private_memories_make_patterns_for_their_author_alone(ada: Member, ben: Member) -> None:
    project = make_project(ada)
    private = make_project(ada, visibility="private")
    shared_talk = a_full_session(ada, "shared", project=project)
    private_talk = a_full_session(ada, "private", project=private, visibility="private")
    detect(ada)
    for pattern_type in ("debugging", "memory_code"):
        hers, his = (patterns_of(ada, pattern_type, reader=one.user.id) for one in (ada, ben))
        assert sorted(pattern.visibility for pattern in hers) == ["private", "workspace"]
        assert [pattern.visibility for pattern in his] == ["workspace"]
        for pattern, talk in zip(
            sorted(hers, key=lambda one: one.visibility), (private_talk, shared_talk), strict=True
        ):
            with ada.scope():
                told = set(Memory.objects.filter(session=talk.session).values_list("pk", flat=True))
            assert {memory_id for part in evidence_of(ada, pattern) for memory_id in part} <= told
            assert pattern.frequency == len(evidence_of(ada, pattern))


def test_one_private_memory_makes_the_whole_episode_private(ada: Member, ben: Member) -> None:
    """Even where only the call, which is not evidence itself but names the command, is private."""
    talk = Conversation(ada, "s1")
    talk.visibility = "private"
    run = talk.starts("make test SECRET=1")
    talk.visibility = "workspace"
    talk.ends(run, False)
    talk.edits(CLAIMS)
    talk.runs("make test SECRET=1", True)
    talk.store()
    detect(ada)
    assert patterns_of(ada, "debugging", reader=ben.user.id) == []
    assert [pattern.visibility for pattern in patterns_of(ada, "debugging", reader=ada.user.id)] == ["private"]


def test_private_and_shared_exchanges_about_a_file_do_not_add_up(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    for visibility in ("workspace", "private", "workspace", "private"):
        talk.visibility = visibility
        talk.asks()
        talk.edits(CLAIMS)
    talk.store()
    detect(ada)
    assert patterns_of(ada, "memory_code") == []
    with ada.scope():
        files = Pattern.objects.filter(subtype="recurring_file")
        assert sorted(files.values_list("visibility", "frequency")) == [("private", 2), ("workspace", 2)]


def test_a_memory_that_becomes_private_takes_its_pattern_along(ada: Member, ben: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.fixes("make test", CLAIMS)
    talk.store()
    detect(ada)
    with ada.scope():
        Memory.objects.update(visibility="private")
    talk.asks("One more thing.")
    talk.store()
    detect(ada)
    assert patterns_of(ada, "debugging", reader=ben.user.id) == []
    assert [pattern.frequency for pattern in patterns_of(ada, "debugging", reader=ada.user.id)] == [1]


def test_workspaces_know_nothing_of_each_other(ada: Member, cleo: Member) -> None:
    a_full_session(ada, "s1")
    a_full_session(cleo, "s1")
    detect(ada)
    assert len(patterns_of(ada, "debugging")) == len(patterns_of(ada, "memory_code")) == 1
    assert patterns_of(cleo, "debugging") == patterns_of(cleo, "memory_code") == []
    detect(cleo)
    assert [pattern.frequency for pattern in patterns_of(cleo, "debugging")] == [1]


def test_a_job_of_some_types_or_one_project_leaves_the_rest_for_later(ada: Member) -> None:
    here, there = make_project(ada, "/here"), make_project(ada, "/there")
    a_full_session(ada, "s1", project=here)
    a_full_session(ada, "s2", project=there)
    detect(ada, pattern_types=["debugging"], project_id=there.id)
    assert [pattern.project_id for pattern in patterns_of(ada, "debugging")] == [there.id]
    assert patterns_of(ada, "memory_code") == []
    detect(ada)
    assert {pattern.project_id for pattern in patterns_of(ada, "debugging")} == {here.id, there.id}
    assert {pattern.project_id for pattern in patterns_of(ada, "memory_code")} == {here.id, there.id}


def test_a_remembered_note_is_an_exchange_of_its_own(ada: Member) -> None:
    with ada.scope():
        for number in range(3):
            Memory.objects.create(
                workspace=ada.workspace, author=ada.user, content=f"Note {number}", file_paths=[CLAIMS]
            )
    detect(ada)
    [pattern] = patterns_of(ada, "memory_code")
    assert pattern.title == f"{CLAIMS} comes up again and again: 3 discussions in 3 sessions"


@pytest.fixture
def sample(ada: Member) -> Member:
    """The sample transcript, stored as the pipeline does it."""
    project = make_project(ada, "/home/dev/supastate")
    with ada.scope():
        MemoryQueue.objects.bulk_create(
            MemoryQueue(
                workspace=ada.workspace,
                key=hashlib.sha256(f"sample {number}".encode()).hexdigest(),
                body_hash=hashlib.sha256(line.encode()).hexdigest(),
                format=MemoryQueue.Format.CLAUDE_CODE,
                session_key="sample",
                project=project,
                author=ada.user,
                line_no=number,
                payload={"line": json.loads(line)},
            )
            for number, line in enumerate(SAMPLE.read_text().splitlines(), start=1)
        )
    while store_due(workspace_id=ada.workspace.id):
        pass
    return ada


def test_the_sample_transcript_shows_its_episodes_and_its_files(sample: Member) -> None:
    detect(sample)
    found = {
        (pattern.details["command"], pattern.details["file"]): pattern
        for pattern in patterns_of(sample, "debugging")
    }
    assert set(found) == {
        ("pytest tests/queueing/test_claims.py", "supastate/queueing/sql/claim.sql"),
        ("pytest tests/queueing/test_lease_settings.py", "supastate/queueing/checks.py"),
        ("pytest tests/graph/resolver/test_calls.py", "graph/resolver/classes.py"),
        ("pytest tests/queueing/test_dispatcher.py", "supastate/queueing/dispatcher.py"),
        ("ruff check . && mypy", "graph/resolver/classes.py"),
    }
    [evidence] = evidence_of(
        sample, found["pytest tests/queueing/test_claims.py", "supastate/queueing/sql/claim.sql"]
    )
    with sample.scope():
        lines = dict(Memory.objects.filter(pk__in=evidence).values_list("pk", "source_line"))
    assert [lines[memory_id] for memory_id in evidence] == [18, 25, 20, 22, 27, 29, 31, 34]

    recurring = {pattern.details["path"]: pattern for pattern in patterns_of(sample, "memory_code")}
    assert recurring["supastate/queueing/claims.py"].details["edits"] == 2
    assert recurring["supastate/queueing/claims.py"].frequency >= 4
    assert "graph/resolver/calls.py" in recurring
    before = snapshot(sample)
    detect(sample)
    assert snapshot(sample) == before


def test_new_talks_come_in_an_order_that_a_checkpoint_can_follow(ada: Member) -> None:
    first, second = Conversation(ada, "first"), Conversation(ada, "second")
    first.asks()
    second.asks()
    last = first.asks()
    first.store()
    second.store()
    with ada.scope():
        span = begin_span("debugging", workspace_id=ada.workspace.id)
        assert span is not None
        found = find_new_talks(span, workspace_id=ada.workspace.id, project_id=None, most=10)
    assert [new.talk.id for new in found] == [second.session.id, first.session.id]
    assert found[-1].newest == last.id
