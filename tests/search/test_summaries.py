"""Summaries are found beside memories and code, as what they are, and change nothing of how those are found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processing.models import MemoryAccess, Pattern
from tests import pipeline
from tests.conftest import Member
from tests.processing.patterns.conversations import make_project
from tests.processing.summaries.cast import hold_session, only_summary, say, summarise
from tests.search.asking import find

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")


@pytest.fixture
def told(ada: Member) -> Member:
    """A summarised session in a project, all of it embedded."""
    talk = hold_session(ada, project=make_project(ada))
    summarise(ada, "session", talk.session)
    pipeline.embed(ada)
    return ada


def test_a_summary_is_found_by_words_and_by_meaning(told: Member) -> None:
    found = find(told, q="queue stall", kinds="summary", explain="true")
    [result] = found["results"]
    summary = only_summary(told)
    assert (result["kind"], result["id"]) == ("summary", str(summary.pk))
    assert result["title"].startswith("Request: ")
    assert result["source"]["subject"] == {
        "kind": "session",
        "id": summary.subject,
        "name": None,
        "path": None,
    }
    assert (result["source"]["method"], result["source"]["stale"]) == ("extractive", False)
    assert result["explain"]["vector"]["rank"] == 1
    assert result["explain"]["text"]["rank"] == 1
    assert "processingStatus" in result["source"]


def test_all_kinds_come_in_one_list(told: Member) -> None:
    kinds = [result["kind"] for result in find(told, q="queue stall worker")["results"]]
    assert set(kinds) == {"memory", "summary"}


def test_a_stale_summary_says_so(told: Member) -> None:
    say(told, "And now?", session_id=only_summary(told).session_id)
    found = find(told, q="queue stall", kinds="summary")
    assert [result["source"]["stale"] for result in found["results"]] == [True]


def test_memories_rank_as_if_there_were_no_summaries(told: Member) -> None:
    together = [item for item in find(told, q="lease of the queue")["results"] if item["kind"] == "memory"]
    alone = told.api.get("/api/search/memories", {"q": "lease of the queue"}).json()["results"]
    assert [item["id"] for item in together] == [item["id"] for item in alone]
    assert [item["score"] for item in together] == [item["score"] for item in alone]


def test_filters_reach_summaries(told: Member) -> None:
    summary = only_summary(told)
    for filters, is_found in (
        ({"sessions": "s1"}, True),
        ({"sessions": "unknown"}, False),
        ({"project": "shop"}, True),
        ({"author": "me"}, True),
        ({"roles": "user"}, False),
        ({"languages": "python"}, False),
        ({"since": (summary.moment - timedelta(days=1)).isoformat()}, True),
        ({"until": (summary.moment - timedelta(days=1)).isoformat()}, False),
        ({"q": "kind:summary queue"}, True),
    ):
        results = find(told, **{"q": "queue", **filters})["results"]
        assert ("summary" in {item["kind"] for item in results}) == is_found, filters


def test_summaries_are_counted_and_grouped(told: Member) -> None:
    found = find(told, q="queue", facets="kinds", groupBy="session")
    counts = {item["value"]: item["count"] for item in found["facets"]["kinds"]}
    assert counts["summary"] == 1
    [group] = found["groups"]
    assert group["count"] == sum(counts.values())


def test_a_summary_is_no_memory_that_was_read_or_recurs(told: Member) -> None:
    find(told, q="queue", kinds="summary")
    with told.scope():
        assert not MemoryAccess.objects.exists()
        assert not Pattern.objects.exists()


def test_related_items_of_a_summary_are_none(told: Member) -> None:
    [result] = find(told, q="queue", kinds="summary", related="true")["results"]
    assert result["related"] == []


def test_an_unsearched_list_has_summaries_too(told: Member) -> None:
    assert [item["kind"] for item in find(told, kinds="summary")["results"]] == ["summary"]
