"""Words that a large part of many texts has gather no rows, and count all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from processing.models import Memory
from supastate.search import common_words
from supastate.search.common_words import choose_passed_over, find_passed_over, forget_common_words
from supastate.search.model import Kind
from supastate.workspaces.models import Visibility
from tests import pipeline
from tests.conftest import Member

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

WORDS = ["'otter'", "'pond'", "'river'", "'lake'", "'note'"]


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    forget_common_words()
    yield
    forget_common_words()


@pytest.fixture
def _as_among_many(monkeypatch: Any) -> None:
    """Twenty texts are many, and a fifth of them makes a word common."""
    for name, value in {"MANY": "g", "SAMPLED": 20, "COMMON": 0.2}.items():
        monkeypatch.setattr(common_words, name, value)


def tell(member: Member, *texts: str) -> None:
    for text in texts:
        pipeline.queue_chunk(member, text)
    pipeline.store(member)


def fill(member: Member) -> None:
    """Twenty notes: each has "note", every fourth "lake", one "otter"."""
    tell(member, *(f"The note {n} {'of a lake' if n % 4 == 0 else ''}" for n in range(19)), "An otter's note")


def pass_over(member: Member, *, words: Any = WORDS) -> list[str]:
    with member.scope(reader=member.user.id):
        return find_passed_over(words, Kind.MEMORY, workspace_id=member.workspace.id, reader=member.user.id)


def test_the_rarest_words_gather_in_any_case() -> None:
    shares = {"'a'": 0.9, "'b'": 0.5, "'c'": 0.3, "'d'": 0.1}
    assert choose_passed_over(["'d'", "'x'", "'a'", "'b'", "'c'", "'y'"], shares) == ["'a'", "'b'", "'c'"]
    assert choose_passed_over(["'d'", "'c'", "'b'", "'a'"], shares) == ["'a'"]
    assert choose_passed_over(["'a'", "'b'", "'c'"], shares) == []
    assert choose_passed_over(["'x'", "'y'", "'z'", "'w'"], shares) == []


@pytest.mark.usefixtures("_as_among_many")
def test_common_words_are_told_by_the_texts(ada: Member) -> None:
    fill(ada)
    assert pass_over(ada) == ["'note'", "'lake'"]
    assert pass_over(ada, words=WORDS[:3]) == []


def test_of_few_texts_every_word_gathers(ada: Member) -> None:
    fill(ada)
    assert pass_over(ada) == []


@pytest.mark.usefixtures("_as_among_many")
def test_texts_that_a_reader_may_not_see_tell_nothing(ada: Member, ben: Member) -> None:
    fill(ada)
    with ada.scope():
        Memory.objects.filter(content__contains="lake").update(visibility=Visibility.PRIVATE)
    assert pass_over(ada) == ["'note'", "'lake'"]
    assert pass_over(ben) == ["'note'"]


@pytest.mark.usefixtures("_as_among_many")
def test_a_word_that_gathers_nothing_still_counts(ada: Member) -> None:
    fill(ada)
    tell(ada, "The otter of the hill", "The otter of the lake")
    answer = ada.api.get("/api/search/memories", {"q": "otter pond river lake note", "limit": 50}).json()
    found = [result["title"] for result in answer["results"]]
    assert set(found) == {"The otter of the hill", "The otter of the lake", "An otter's note"}
    assert found.index("The otter of the lake") < found.index("The otter of the hill")


@pytest.mark.usefixtures("_as_among_many")
def test_common_words_alone_are_found(ada: Member) -> None:
    fill(ada)
    answer = ada.api.get("/api/search/memories", {"q": "note of the lake", "limit": 50}).json()
    assert len(answer["results"]) == 20
    assert "lake" in answer["results"][0]["title"]
