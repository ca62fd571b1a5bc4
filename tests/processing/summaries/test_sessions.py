"""A session's summary quotes what was asked, done, said and how it ended; whatever the session is made of."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta

import pytest

from processing.models import Embedding, Memory, SummarySource
from processing.summaries.asking import ask_for_summary
from processing.summaries.talk import Turn, pick_points, read_turns, select_spoken
from tests import pipeline
from tests.conftest import Member
from tests.processing.patterns.conversations import Conversation
from tests.processing.summaries.cast import (
    DECISION,
    OUTCOME,
    REQUEST,
    hold_session,
    only_summary,
    rows_of,
    summaries_of,
    summarise,
)

pytestmark = pytest.mark.usefixtures("embedding_model_dir")
MODEL = "local/all-MiniLM-L6-v2"


def test_a_session_is_told_by_request_work_points_and_outcome(ada: Member) -> None:
    talk = hold_session(ada)
    assert summarise(ada, "session", talk.session) == 1
    summary = only_summary(ada)
    labels = [line["label"] for line in summary.lines]
    assert labels[:3] == ["request", "edited", "commands"]
    assert labels[-1] == "outcome"
    assert summary.content.split("\n")[:3] == [
        f"Request: {REQUEST}",
        "Edited: app/queue.py",
        "Commands: `pytest tests/test_queue.py` failed, then passed",
    ]
    assert summary.content.endswith(f"Outcome: {OUTCOME}")
    assert f"- {DECISION}" in summary.content
    assert (summary.method, summary.model, summary.reason) == ("extractive", "", "")


def test_each_line_names_the_memories_that_it_quotes(ada: Member) -> None:
    talk = hold_session(ada)
    summarise(ada, "session", talk.session)
    summary = only_summary(ada)
    with ada.scope():
        texts = {str(memory.pk): memory.content for memory in Memory.objects.all()}
        sources = {str(pk) for pk in SummarySource.objects.values_list("memory_id", flat=True)}
    for line in summary.lines:
        assert line["memoryIds"]
        if line["label"] in {"request", "point", "outcome"}:
            assert line["text"].rstrip("…") in texts[line["memoryIds"][0]]
    assert sources == {pk for line in summary.lines for pk in line["memoryIds"]}


def test_central_turns_are_preferred_to_asides(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.asks(REQUEST)
    for number in range(6):
        talk.answers(f"The lease of the queue row ends before the worker does, case {number} of the lease.")
    talk.asks("My cat likes the new armchair.")
    talk.answers(OUTCOME)
    talk.store()
    summarise(ada, "session", talk.session)
    content = only_summary(ada).content
    assert content.count("lease") >= 4
    assert "cat" not in content


def test_vectors_say_what_is_central_where_every_turn_has_one(ada: Member) -> None:
    """By its words the last turn is an aside; its vector stands in the midst of the others'."""
    talk = Conversation(ada, "s1")
    for number in range(6):
        talk.answers(f"The lease of the queue ends too early, number {number}.")
    talk.answers("Coffee is ready.")
    talk.store()
    with ada.scope():
        turns = read_turns(select_spoken(Memory.objects.all()))
        [by_words] = pick_points(turns, model=MODEL, most=1)
        for number, turn in enumerate(turns):
            add_vector(ada, turn, [float(number % 3 == axis or number == 6) for axis in range(3)])
        [by_vectors] = pick_points(turns, model=MODEL, most=1)
        Embedding.objects.filter(source_hash=turns[0].content_hash).delete()
        [by_words_again] = pick_points(turns, model=MODEL, most=1)
    assert by_words.text.startswith("The lease")
    assert by_vectors.text == "Coffee is ready."
    assert by_words_again == by_words


def add_vector(member: Member, turn: Turn, vector: list[float]) -> None:
    Embedding.objects.create(
        workspace=member.workspace,
        subject_kind="memory",
        model=MODEL,
        source_hash=turn.content_hash,
        chunk_no=0,
        start=0,
        end=1,
        vector=vector,
    )


def test_the_same_session_gives_the_same_bytes(ada: Member) -> None:
    talk = hold_session(ada)
    summarise(ada, "session", talk.session)
    first = only_summary(ada)
    for _ in range(3):
        ask_for_summary("session", first.subject, workspace_id=ada.workspace.id, forced=True)
        pipeline.summarise(ada)
    again = only_summary(ada)
    assert (again.content, again.lines, again.version) == (first.content, first.lines, first.version)
    assert again.pk == first.pk


def test_doing_a_row_twice_changes_nothing(ada: Member) -> None:
    talk = hold_session(ada)
    summarise(ada, "session", talk.session)
    first = only_summary(ada)
    assert summarise(ada, "session", talk.session) == 1
    assert only_summary(ada).generated_at == first.generated_at


def test_an_empty_session_has_an_empty_summary(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    summarise(ada, "session", talk.session)
    summary = only_summary(ada)
    assert (summary.content, summary.lines) == ("", [])
    assert pipeline.embed(ada) == 0


def test_a_session_of_one_line_is_that_line(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.asks("Rename the shop.")
    talk.store()
    summarise(ada, "session", talk.session)
    assert only_summary(ada).content == "Request: Rename the shop."


def test_a_session_of_tool_calls_alone_tells_what_was_done(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.edits("a.py")
    talk.edits("a.py")
    talk.edits("b.py")
    talk.runs("ruff check .", False, "Found 1 error.")
    talk.store()
    summarise(ada, "session", talk.session)
    assert only_summary(ada).content == "Edited: a.py (2 times), b.py\nCommands: `ruff check .` failed"


def test_sentences_of_scripts_without_spaces_are_told_apart(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.asks("キューが止まるのはなぜですか。")
    talk.answers("リースが先に終わります。二つのワーカーが同じ行を持ちます。")
    talk.answers("リースを長くしました。キューのリースはタスクより長いです。")
    talk.answers("完了しました。")
    talk.store()
    summarise(ada, "session", talk.session)
    lines = only_summary(ada).content.split("\n")
    assert lines[0] == "Request: キューが止まるのはなぜですか。"
    assert lines[-1] == "Outcome: 完了しました。"
    assert all(line.count("。") == 1 for line in lines if line.startswith("- "))


def test_a_long_turn_is_cut_to_a_sentence(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.asks("word " * 5_000)
    talk.answers("```python\nprint('no prose')\n```")
    talk.store()
    summarise(ada, "session", talk.session)
    content = only_summary(ada).content
    assert len(content) < 700
    assert "…" in content


def test_a_huge_session_takes_bounded_memory_and_text(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    with ada.scope():
        Memory.objects.bulk_create(
            Memory(
                workspace=ada.workspace,
                author=ada.user,
                session=talk.session,
                role="assistant" if number % 2 else "user",
                content=f"Turn {number} speaks of the lease. " + "filler words of a long answer " * 30,
                occurred_at=talk.now + timedelta(seconds=number),
            )
            for number in range(3_000)
        )
    tracemalloc.start()
    summarise(ada, "session", talk.session)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    summary = only_summary(ada)
    assert summary.content.startswith("Request: Turn 0 ")
    assert "Outcome: Turn 2999 " in summary.content
    assert len(summary.content) < 4_000
    assert peak < 120 * 2**20


def test_a_subject_that_is_gone_ends_its_row(ada: Member) -> None:
    talk = hold_session(ada)
    ask_for_summary("session", str(talk.session.pk), workspace_id=ada.workspace.id)
    with ada.scope():
        talk.session.delete()
    assert pipeline.summarise(ada) == 1
    assert summaries_of(ada) == []
    assert [row.status for row in rows_of(ada)] == ["completed"]
