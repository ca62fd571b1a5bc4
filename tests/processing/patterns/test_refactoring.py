"""Names that became others and code that moved, by what was edited and by nothing that was said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from processing.models import Memory
from processing.patterns.changes import read_moved_file
from tests.conftest import Member
from tests.processing.patterns.conversations import Conversation, detect, evidence_of, patterns_of, snapshot

BLOCK = "def parse(text):\n    match = PRICE.search(text)\n    if match is None:\n        raise ValueError(text)\n"


def rename(talk: Conversation) -> list[Memory]:
    return [
        talk.edits("jobs/store.py", old="def fetch_rows(limit):", new="def claim_rows(limit):"),
        talk.edits("jobs/worker.py", old="rows = fetch_rows(10)", new="rows = claim_rows(10)"),
    ]


def test_a_definition_and_its_use_are_a_rename(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    evidence = rename(talk)
    talk.store()
    detect(ada)
    [pattern] = patterns_of(ada, "rename")
    assert pattern.title == "`fetch_rows` was renamed to `claim_rows`"
    assert (pattern.confidence, pattern.frequency) == (0.8, 1)
    assert evidence_of(ada, pattern) == [[memory.id for memory in evidence]]
    with ada.scope():
        occurrence = pattern.occurrences.get()
    assert occurrence.summary == "fetch_rows → claim_rows in jobs/store.py, jobs/worker.py"
    memory_id, first, past = occurrence.spans[0]
    assert memory_id == str(evidence[0].id)
    assert evidence[0].content[first:past] == "def fetch_rows(limit): → def claim_rows(limit):"


def test_a_block_that_left_and_arrived_elsewhere_is_a_move(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    arrived = talk.writes("shop/prices.py", f"import re\n\n{BLOCK}")
    left = talk.edits("shop/views.py", old=BLOCK, new="from shop.prices import parse\n")
    talk.store()
    detect(ada)
    [pattern] = patterns_of(ada, "move")
    assert (pattern.details["from"], pattern.details["to"]) == ("shop/views.py", "shop/prices.py")
    assert evidence_of(ada, pattern) == [[arrived.id, left.id]]
    assert patterns_of(ada, "rename") == []


def test_a_moved_file_is_a_move_unless_the_command_failed(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.runs("git mv mail/send.py notify/mail.py", True)
    talk.runs("mv a.py b.py", False)
    talk.store()
    detect(ada)
    assert [pattern.details["to"] for pattern in patterns_of(ada, "move")] == ["notify/mail.py"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("cd /repo && git mv -k a.py b.py", ("a.py", "b.py")),
        ("mv a.py b.py && mv c.py d.py", None),
        ("mv a.py b.py lib/", None),
        ("grep mv a.py", None),
    ],
)
def test_what_a_command_moves(command: str, expected: tuple[str, str] | None) -> None:
    assert read_moved_file(command) == expected


def changes_a_level(talk: Conversation) -> None:
    talk.edits("a.py", old="logger.info('pulled')", new="logger.debug('pulled')")
    talk.edits("b.py", old="logger.info('pushed')", new="logger.debug('pushed')")


def renames_back(talk: Conversation) -> None:
    rename(talk)
    talk.edits("jobs/store.py", old="def claim_rows(limit):", new="def fetch_rows(limit):")
    talk.edits("jobs/worker.py", old="rows = claim_rows(10)", new="rows = fetch_rows(10)")


def is_refused(talk: Conversation) -> None:
    talk.edits("a.py", False, old="def fetch_rows(): fetch_rows()", new="def claim_rows(): claim_rows()")


def only_talks(talk: Conversation) -> None:
    talk.asks("Rename fetch_rows to claim_rows and refactor the callers?")
    talk.answers("That renames fetch_rows in 40 files.")


def adds_a_second(talk: Conversation) -> None:
    talk.edits("a.py", old="def fetch(): fetch()", new="def load(): fetch(); load()")


def copies(talk: Conversation) -> None:
    talk.edits("a.py", old="x", new=BLOCK)
    talk.writes("b.py", BLOCK)


@pytest.mark.parametrize("miss", [changes_a_level, renames_back, is_refused, only_talks, adds_a_second, copies])
def test_a_near_miss_is_no_refactoring(ada: Member, miss: Callable[[Conversation], None]) -> None:
    talk = Conversation(ada, "s1")
    miss(talk)
    talk.store()
    detect(ada)
    assert patterns_of(ada, "refactoring") == []


def test_a_rename_that_is_undone_later_is_taken_back(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    rename(talk)
    talk.store()
    detect(ada)
    assert len(patterns_of(ada, "rename")) == 1
    before = snapshot(ada)
    detect(ada)
    assert snapshot(ada) == before
    renames_back(talk)
    talk.store()
    detect(ada)
    assert patterns_of(ada, "rename") == []
