"""What comes first, and why: names and phrases, rare words, the one who spoke, what is recent, what is alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from processing.models import CodeObject, Memory
from tests import pipeline
from tests.conftest import Member

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

SHOP = '''def parse():
    """Parses parseHTTPResponse, the parse of HTTP response to parse."""
    parseHTTPResponse(parse)


def parseHTTPResponse(raw):
    return raw


class Basket:
    def any(self):
        return 1


def read_any_lease(anything):
    return any(anything)
'''


def find(member: Member, what: str = "memories", **parameters: Any) -> list[dict[str, Any]]:
    answer = member.api.get(f"/api/search/{what}", {"explain": True, **parameters})
    assert answer.status_code == 200, answer.json()
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def titles(results: list[dict[str, Any]]) -> list[str]:
    return [result["title"] for result in results]


def tell(member: Member, *texts: str, **metadata: Any) -> None:
    for text in texts:
        pipeline.queue_chunk(member, text, **metadata)
    pipeline.store(member)
    pipeline.embed(member)


@pytest.fixture
def shop(ada: Member) -> Member:
    pipeline.queue_code(ada, {"net/shop.py": SHOP})
    pipeline.store(ada)
    pipeline.embed(ada)
    return ada


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("parseHTTPResponse", "net.shop.parseHTTPResponse"),
        ("PARSEHTTPRESPONSE", "net.shop.parseHTTPResponse"),
        ("net.shop.parseHTTPResponse", "net.shop.parseHTTPResponse"),
        ("Basket.any", "net.shop.Basket.any"),
        ("any", "net.shop.Basket.any"),  # a stop word of English
        ("parse", "net.shop.parse"),
    ],
)
def test_a_definition_whose_name_is_asked_for_comes_first(shop: Member, query: str, title: str) -> None:
    first = find(shop, "code", q=query)[0]
    assert first["title"] == title
    assert first["explain"]["exact"]["contribution"] == 2


@pytest.mark.parametrize(
    "query", ["find_lease_owner", '"the lease of the owner"', "src/lease.py", "leaseOwner", "LEASE-330"]
)
def test_a_text_with_the_very_phrase_comes_first(ada: Member, query: str) -> None:
    phrase = query.strip('"')
    tell(
        ada,
        "Who is the owner of a lease? The lease has an owner; find the lease, find its owner.",
        "Lease owner find: find lease owner src lease py 330.",
        f"Somewhere in a long note about cats, mice, keyboards and the weather of May stands {phrase} once.",
    )
    first = find(ada, q=query)[0]
    assert phrase in first["title"]
    assert first["explain"]["exact"]["contribution"] == 1


def test_a_rare_word_counts_more_than_common_ones(ada: Member) -> None:
    tell(ada, *(f"The deploy failed again on day {day}." for day in range(20)), "A zebra stood there.")
    ranks = {
        result["title"]: result["explain"]["text"]["rank"] for result in find(ada, q="deploy failed again zebra")
    }
    assert ranks["A zebra stood there."] == 1


def test_names_count_more_than_bodies(ada: Member) -> None:
    pipeline.queue_code(ada, {"a.py": "def one():\n    basket = 1\n", "b.py": "def basket():\n    one = 1\n"})
    pipeline.store(ada)
    assert titles(find(ada, "code", q="the basket", codeKind="function"))[0] == "b.basket"


def test_a_score_is_the_sum_of_what_explains_it(ada: Member) -> None:
    tell(ada, "The lease is 330 seconds.", "A cat sleeps.", "lease_seconds stands in the settings.")
    for query in ("what did I say of the lease", "lease_seconds"):
        for result in find(ada, q=query):
            told = {name: part for name, part in result["explain"].items() if name != "confidence"}
            parts = [part["contribution"] for part in told.values() if part]
            assert result["score"] == pytest.approx(sum(parts), abs=5e-6)


@pytest.mark.parametrize(
    ("query", "role"),
    [
        ("What did I say about the lease?", "user"),
        ("What did you suggest about the lease?", "assistant"),
        ("What have you suggested for my lease?", "assistant"),
        ("the lease", None),
    ],
)
def test_the_one_whose_words_are_asked_for_is_preferred(ada: Member, query: str, role: str | None) -> None:
    tell(ada, "The lease is long.")
    tell(ada, "The lease is short.", messageType="assistant")
    preferred = {
        result["source"]["role"]
        for result in find(ada, q=query)
        if result["explain"]["speaker"]["contribution"] > 0
    }
    assert preferred == ({role} if role else set())


def test_what_is_recent_gets_a_little_more(ada: Member) -> None:
    now = datetime.now(UTC)
    tell(ada, "The lease is new.", timestamp=now.isoformat())
    tell(ada, "The lease is old.", timestamp=(now - timedelta(days=30)).isoformat())
    parts = {result["title"]: result["explain"] for result in find(ada, q="lease")}
    shares = [
        explained["recency"]["contribution"] / sum(explained[half]["contribution"] for half in ("vector", "text"))
        for explained in (parts["The lease is new."], parts["The lease is old."])
    ]
    assert shares == pytest.approx([0.05, 0.025], rel=1e-3)


def test_alike_texts_are_one_result_that_names_the_others(ada: Member) -> None:
    tell(ada, "The lease is 330 seconds.", session="s1")
    tell(ada, "the lease is: 330 seconds!", session="s2")
    tell(ada, "The lease is 331 seconds.", session="s3")
    results = find(ada, q="lease seconds")
    with ada.scope():
        ids = {str(key) for key in Memory.objects.filter(content__contains="330").values_list("pk", flat=True)}
    [kept] = [result for result in results if result["collapsed"]["count"]]
    assert kept["collapsed"]["count"] == 1
    assert {str(kept["id"]), *map(str, kept["collapsed"]["ids"])} == ids
    assert len(results) == 2


def test_pages_of_collapsed_results_follow_each_other(ada: Member) -> None:
    for number in range(9):
        tell(ada, f"The lease is {number // 2}!", session=f"s{number}")
    whole, paged, cursor = titles(find(ada, q="lease", limit=50)), [], ""
    while True:
        page = ada.api.get("/api/search/memories", {"q": "lease", "limit": 2, "cursor": cursor}).json()
        paged += titles(page["results"])
        cursor = page["nextCursor"]
        if not cursor:
            break
    assert len(whole) == 5
    assert paged == whole


def test_a_word_of_every_row_does_not_hide_a_row_with_all_words(ada: Member, monkeypatch: Any) -> None:
    monkeypatch.setattr("supastate.search.searching.POSTINGS", 3)
    for number in range(8):
        pipeline.queue_chunk(ada, f"The red note {number}")
    for number in range(8):
        pipeline.queue_chunk(ada, f"The blue note {number}")
    pipeline.queue_chunk(ada, "The red and blue one")
    pipeline.store(ada)
    assert titles(find(ada, q="red blue"))[0] == "The red and blue one"


@pytest.mark.parametrize("name", ["it's", "a\\b", "o''x", "'", "\\", "'\\", "x" * 3000, "café", "🦀"])
def test_no_name_breaks_the_query(ada: Member, name: str) -> None:
    assert find(ada, "code", q=name) == []
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT array_to_tsvector(ARRAY[%(name)s]) @@ query_lexeme(%(name)s)", {"name": name[:400]})
        assert cursor.fetchone() == (True,)


def test_code_of_an_edited_name_is_found_by_it(shop: Member) -> None:
    with shop.scope():
        CodeObject.objects.filter(name="parse").update(name="scan", qualified_name="net.shop.scan")
    assert find(shop, "code", q="net.shop.scan")[0]["title"] == "net.shop.scan"


def test_alike_code_is_named_by_its_uid(ada: Member) -> None:
    pipeline.queue_code(ada, {"a.py": "def lease():\n    return 1\n", "b.py": "def lease():\n    return 1\n"})
    pipeline.store(ada)
    [result] = find(ada, "code", q="lease", codeKind="function")
    with ada.scope():
        uids = set(CodeObject.objects.filter(name="lease").values_list("uid", flat=True))
    assert {result["id"], *result["collapsed"]["ids"]} == uids
    assert len(uids) == 2


@pytest.mark.parametrize("query", ["why did the lease_owner fail on Monday?", "is the real-time lease any good?"])
def test_an_identifier_in_a_question_does_not_ask_for_every_word(ada: Member, query: str) -> None:
    pipeline.queue_chunk(ada, "A lease ends.")
    pipeline.store(ada)
    assert titles(find(ada, q=query)) == ["A lease ends."]


@pytest.mark.parametrize("query", ['"lease ends"', "lease -cat"])
def test_quotes_and_minus_are_taken_by_their_word(ada: Member, query: str) -> None:
    for text in ("The lease ends.", "The cat ends the lease."):
        pipeline.queue_chunk(ada, text)
    pipeline.store(ada)
    assert titles(find(ada, q=query)) == ["The lease ends."]
