"""What a candidate gains beside its own words and meaning: by what it is linked to, and by having been read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processing.models import CodeObject, Layer, Memory, MemoryAccess, MemoryLink, MemoryStrength
from supastate.search.model import Kind
from supastate.search.ranking import RANKING_OF_KIND
from tests import pipeline
from tests.conftest import Member
from tests.search.asking import find, titles, walk

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

QUESTION = "which thread renews the lease of the queue"
ANSWER = "A thread renews the lease of the queue."
RANKING = RANKING_OF_KIND[Kind.MEMORY]
CODE = (
    "def renew_lease():\n    return 1\n\n\ndef stop_worker():\n    return 2\n\n\ndef feed_cat():\n    return 3\n"
)


def say(member: Member, text: str, *, session: str, minute: int = 0, **metadata: Any) -> None:
    stamp = f"2026-11-20T10:{minute:02}:00Z"
    pipeline.queue_chunk(member, text, session=session, timestamp=stamp, **metadata)
    pipeline.store(member)


def read(member: Member, content: str, *, times: int, hours_ago: float) -> None:
    moment = datetime.now(UTC) - timedelta(hours=hours_ago)
    with member.scope():
        memory = Memory.objects.get(content=content)
        for _ in range(times):
            MemoryAccess.objects.create(
                workspace=member.workspace, memory=memory, reader=member.user, way="read", accessed_at=moment
            )


def parts(member: Member, sign: str, **parameters: Any) -> dict[str, float]:
    """What a sign adds to each result, by title."""
    results = find(member, explain="true", **parameters)["results"]
    return {result["title"]: result["explain"][sign]["contribution"] for result in results}


def link(member: Member, memory: str, *names: str, confidence: float = 1.0, visibility: str = "workspace") -> None:
    with member.scope():
        Memory.objects.filter(content=memory).update(visibility=visibility)
        for code in CodeObject.objects.filter(name__in=names):
            MemoryLink.objects.create(
                workspace=member.workspace,
                memory=Memory.objects.get(content=memory),
                code_object=code,
                edge=MemoryLink.Edge.values[0],
                how=MemoryLink.How.values[0],
                confidence=confidence,
            )


def test_turns_beside_a_good_one_gain_a_share_of_the_way_up_to_it(ada: Member) -> None:
    say(ada, "The thread stopped.", session="s1", minute=1)
    say(ada, "Meanwhile it rains.", session="s1", minute=2)
    say(ada, ANSWER, session="s1", minute=3)
    say(ada, "The thread waited.", session="s1", minute=4)
    say(ada, "The thread ended.", session="s2", minute=5)
    results = find(ada, q=QUESTION, explain="true")["results"]
    assert [result["title"] for result in results[:2]] == [ANSWER, "The thread waited."]
    explained = {result["title"]: result["explain"] for result in results}
    text = {title: part["text"]["contribution"] for title, part in explained.items()}
    graph = {title: part["graph"]["contribution"] for title, part in explained.items()}
    for title, share in (("The thread waited.", 1.0), ("The thread stopped.", 0.5)):
        way = text[ANSWER] - text[title]
        assert graph[title] == pytest.approx(share * RANKING.turn_boost * way, abs=2e-6)
    assert graph["The thread ended."] == graph[ANSWER] == 0


def test_memories_about_the_same_code_as_a_good_one_gain(ada: Member) -> None:
    pipeline.queue_code(ada, {"queue.py": CODE})
    for number, text in enumerate((ANSWER, "The thread ended.", "The thread waited.", "The thread slept.")):
        say(ada, text, session=f"s{number}")
    link(ada, ANSWER, "renew_lease")
    link(ada, "The thread ended.", "renew_lease")
    link(ada, "The thread waited.", "renew_lease", confidence=0.5)
    link(ada, "The thread slept.", "feed_cat")
    graph = parts(ada, "graph", q=QUESTION, kinds="memory")
    assert graph["The thread ended."] > graph["The thread waited."] > 0
    assert graph["The thread slept."] == graph[ANSWER] == 0


def test_code_gains_by_a_memory_that_names_it_beside_a_good_one(ada: Member) -> None:
    pipeline.queue_code(ada, {"queue.py": CODE})
    say(ada, ANSWER, session="s1")
    link(ada, ANSWER, "renew_lease", "stop_worker")
    graph = parts(ada, "graph", q="renew the lease or stop or feed", kinds="code")
    assert graph["queue.stop_worker"] > 0
    assert graph["queue.feed_cat"] == 0


def test_no_link_goes_through_what_a_reader_must_not_see(ada: Member, ben: Member) -> None:
    pipeline.queue_code(ada, {"queue.py": CODE})
    say(ada, ANSWER, session="s1")
    link(ada, ANSWER, "renew_lease", "stop_worker", visibility="private")
    assert max(parts(ada, "graph", q="renew the lease or stop or feed", kinds="code").values()) > 0
    assert set(parts(ben, "graph", q="renew the lease or stop or feed", kinds="code").values()) == {0}


def test_what_is_read_often_and_recently_comes_before_its_equal(ada: Member) -> None:
    texts = [f"The lease lasts {number} seconds." for number in (330, 331, 332)]
    for number, text in enumerate(texts):
        say(ada, text, session=f"s{number}")
    assert len({result["score"] for result in find(ada, q="lease seconds")["results"]}) == 1
    read(ada, texts[1], times=5, hours_ago=2)
    read(ada, texts[0], times=1, hours_ago=24 * 60)
    assert titles(find(ada, q="lease seconds")) == [texts[1], texts[0], texts[2]]
    added = parts(ada, "activation", q="lease seconds")
    assert added[texts[1]] > added[texts[0]] > added[texts[2]] == 0


def test_important_memories_stay_alive_longer(ada: Member) -> None:
    for number in (330, 331):
        say(ada, f"The lease lasts {number} seconds.", session=f"s{number}")
        read(ada, f"The lease lasts {number} seconds.", times=1, hours_ago=30)
    with ada.scope():
        Memory.objects.filter(content__contains="331").update(importance=0.9)
        Memory.objects.filter(content__contains="330").update(importance=0.1)
    added = parts(ada, "activation", q="lease seconds")
    assert added["The lease lasts 331 seconds."] > added["The lease lasts 330 seconds."] > 0


def test_no_reading_lifts_a_memory_past_a_clearly_better_one(ada: Member) -> None:
    say(ada, ANSWER, session="s0")
    say(ada, "The lease of the queue.", session="s1")
    say(ada, "The thread.", session="s2")
    read(ada, "The thread.", times=60, hours_ago=1)
    results = find(ada, q=QUESTION, explain="true")["results"]
    assert results[0]["title"] == ANSWER
    [used] = [result["explain"] for result in results if result["title"] == "The thread."]
    assert 0 < used["activation"]["contribution"] <= RANKING.activation_boost * used["text"]["contribution"]


def test_what_is_archived_gains_nothing_by_having_been_read(ada: Member) -> None:
    say(ada, ANSWER, session="s1")
    read(ada, ANSWER, times=5, hours_ago=2)
    assert parts(ada, "activation", q="lease")[ANSWER] > 0
    with ada.scope():
        MemoryStrength.objects.create(workspace=ada.workspace, memory=Memory.objects.get(), layer=Layer.ARCHIVE)
    assert parts(ada, "activation", q="lease")[ANSWER] == 0


def test_being_an_answer_of_search_makes_nothing_a_better_answer(ada: Member) -> None:
    say(ada, ANSWER, session="s1")
    read(ada, ANSWER, times=5, hours_ago=2)
    with ada.scope():
        MemoryAccess.objects.update(way="search")
    assert parts(ada, "activation", q="lease")[ANSWER] == 0


def test_pages_of_boosted_results_follow_each_other(ada: Member) -> None:
    for number in range(9):
        say(ada, f"The lease lasts {number} seconds.", session=f"s{number // 3}", minute=number)
    read(ada, "The lease lasts 4 seconds.", times=3, hours_ago=5)
    whole = titles(find(ada, q="lease", limit=50))
    assert [result["title"] for result in walk(ada, q="lease", limit=2)] == whole
    assert len(whole) == 9


def test_boosts_cost_no_statement_a_result(ada: Member) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            find(ada, q="lease", limit=50)
        return len(queries)

    say(ada, "The lease lasts 1 second.", session="s")
    count()  # looks up once what is kept for a minute
    few = count()
    for number in range(8):
        say(ada, f"The lease lasts {number} minutes.", session="s", minute=number)
        read(ada, f"The lease lasts {number} minutes.", times=1, hours_ago=5)
    assert count() == few
