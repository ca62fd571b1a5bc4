"""Texts that say the same in other words are one result; texts that only sound the same are not."""

from __future__ import annotations

import pytest
from pgvector import HalfVector

from processing.models import Embedding, Memory
from tests import pipeline
from tests.conftest import Member
from tests.search.asking import find, walk

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

COMMON = "Pairs share a birthday. That's why the probability is higher"
SENSE = (
    f"{COMMON} and we use the complement. Makes sense now!",
    f"{COMMON}, and so we use the complement. Makes total sense now!",
)


def tell(member: Member, *texts: str) -> None:
    for number, text in enumerate(texts):
        pipeline.queue_chunk(member, text, session=f"s{number}")
    pipeline.store(member)
    pipeline.embed(member)


def level_vectors(member: Member) -> None:
    """Give all texts one vector, as of a model that hears no difference: nothing but words keeps them apart."""
    with member.scope():
        Embedding.objects.update(vector=Embedding.objects.earliest("pk").vector)


def count_alike(member: Member, query: str) -> list[int]:
    """How many texts each result stands for."""
    return sorted(1 + result["collapsed"]["count"] for result in find(member, q=query)["results"])


def test_texts_that_differ_in_words_that_say_nothing_are_one_result(ada: Member) -> None:
    tell(ada, *SENSE, "A complement is accurate.")
    results = find(ada, q="complement")["results"]
    with ada.scope():
        ids = {str(key) for key in Memory.objects.filter(content__in=SENSE).values_list("pk", flat=True)}
    [kept] = [result for result in results if result["collapsed"]["count"]]
    assert {str(kept["id"]), *map(str, kept["collapsed"]["ids"])} == ids
    assert len(results) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The database listens on port 5432.", "The database listens on port 5433."),
        ("The lease is in lease_seconds.", "The lease is in claim_seconds."),
        ("The lease is held by the reader, not the writer.", "The lease is held by the writer, not the reader."),
        ("The claim runs before the commit.", "The claim runs after the commit."),
        ("Always squash the commits.", "Never squash the commits."),
        ("It can be retried safely.", "It cannot be retried safely."),
        ("The cache is enabled.", "The cache is not enabled."),
        ("Deploy from Linux.", "Deploy only from Linux."),
    ],
)
def test_texts_that_only_sound_the_same_stay_apart(ada: Member, one: str, other: str) -> None:
    tell(ada, one, other, f"So, {one}")
    level_vectors(ada)
    assert count_alike(ada, f"{one} {other}") == [1, 2]


def test_the_same_words_with_another_meaning_stay_apart(ada: Member) -> None:
    tell(ada, "So, the lease ends.", "The lease ends.")
    assert count_alike(ada, "lease") == [2]
    with ada.scope():
        one = Embedding.objects.earliest("pk")
        one.vector = HalfVector([-number for number in one.vector])
        one.save()
    assert count_alike(ada, "lease") == [1, 1]


def test_a_long_text_is_not_judged_by_its_first_part(ada: Member) -> None:
    long = " ".join(f"The lease of worker {number} ends." for number in range(200))
    tell(ada, long, f"So, {long}")
    assert count_alike(ada, "lease") == [1, 1]


def test_alike_texts_are_one_result_on_every_page(ada: Member) -> None:
    texts = [f"{start}the lease lasts {number} seconds." for number in range(4) for start in ("So, ", "And ", "")]
    tell(ada, *texts)
    level_vectors(ada)
    whole = find(ada, q="lease", limit=50)["results"]
    assert [result["collapsed"]["count"] for result in whole] == [2, 2, 2, 2]
    assert [result["id"] for result in walk(ada, q="lease", limit=1)] == [result["id"] for result in whole]


def test_without_vectors_other_words_are_another_text(ada: Member) -> None:
    for number, text in enumerate(SENSE):
        pipeline.queue_chunk(ada, text, session=f"s{number}")
    pipeline.store(ada)
    assert count_alike(ada, "complement") == [1, 1]
