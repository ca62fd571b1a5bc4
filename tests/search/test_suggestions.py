"""`GET /api/search/suggest`: names that begin with what is typed, or hold it."""

from __future__ import annotations

from typing import Any

import pytest

from processing.models import Session
from tests import pipeline
from tests.conftest import Member

SHOP = """def gross_price(net):
    return net * 1.2


def grossTotal(items):
    return sum(items)


def parseHTTPResponse(raw):
    return raw


class Cart:
    def total(self):
        return 1

    def to_json(self):
        return "{}"
"""


@pytest.fixture
def shop(ada: Member) -> Member:
    pipeline.queue_code(ada, {"net/shop.py": SHOP, "net/grocer.py": "def gross_price():\n    pass\n"})
    pipeline.queue_chunk(ada, "hello", session="s1")
    while pipeline.store(ada):
        pass
    with ada.scope():
        Session.objects.update(title="Gross prices are wrong")
    return ada


def suggest(member: Member, text: str, **parameters: Any) -> list[tuple[str, str]]:
    answer = member.api.get("/api/search/suggest", {"q": text, **parameters})
    assert answer.status_code == 200, answer.content
    return [(item["kind"], item["text"]) for item in answer.json()["suggestions"]]


def test_names_that_begin_so_come_once_each_whatever_their_case(shop: Member) -> None:
    assert suggest(shop, "GROSS") == [
        ("entity", "gross_price"),
        ("session", "Gross prices are wrong"),
        ("entity", "grossTotal"),
    ]
    assert suggest(shop, "gro")[0] == ("file", "grocer.py")


def test_a_word_inside_a_name_is_found_by_its_beginning(shop: Member) -> None:
    assert ("entity", "parseHTTPResponse") in suggest(shop, "resp")
    assert ("entity", "gross_price") in suggest(shop, "price")
    assert suggest(shop, "pr") == [("session", "Gross prices are wrong")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cart.", {"net.shop.Cart.total", "net.shop.Cart.to_json"}),
        ("cart.tot", {"net.shop.Cart.total"}),
        ("shop.Cart.to_j", {"net.shop.Cart.to_json"}),
        ("shop.gross", {"net.shop.gross_price", "net.shop.grossTotal"}),
        ("Card.tot", set()),
    ],
)
def test_a_name_with_its_owner_is_found_by_its_beginning(shop: Member, text: str, found: set[str]) -> None:
    suggestions = shop.api.get("/api/search/suggest", {"q": text}).json()["suggestions"]
    assert {item["detail"] for item in suggestions if item["kind"] == "entity"} == found


def test_projects_and_paths_are_suggested(shop: Member) -> None:
    assert suggest(shop, "sho")[0] == ("project", "shop")
    assert suggest(shop, "net/s") == [("file", "net/shop.py")]


def test_a_suggestion_has_the_id_that_other_endpoints_take(shop: Member) -> None:
    [item] = shop.api.get("/api/search/suggest", {"q": "parseHTTP"}).json()["suggestions"]
    assert item["detail"] == "net.shop.parseHTTPResponse"
    [named] = shop.api.get("/api/search", {"q": "parseHTTPResponse"}).json()["named"]
    assert item["id"] == named["id"]


def test_there_are_no_more_than_were_asked_for_and_none_for_nothing(shop: Member) -> None:
    assert len(suggest(shop, "g", limit=1)) == 1
    assert suggest(shop, "") == suggest(shop, "   ") == suggest(shop, "zzz") == []


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "🦀", "a&b|!c:*", "()", "שלום", "/", "net/%", "\U0010ffff"])
def test_whatever_is_typed_is_answered(shop: Member, text: str) -> None:
    assert suggest(shop, text) == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"q": "x" * 201}, "too_long"),
        ({"q": "a\x00"}, "nul_character"),
        ({"q": "a", "limit": "0"}, "out_of_range"),
        ({"q": "a", "limit": "1000000000"}, "out_of_range"),
    ],
)
def test_a_bad_question_is_refused_by_name(ada: Member, parameters: dict[str, str], code: str) -> None:
    answer = ada.api.get("/api/search/suggest", parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_nobody_is_told_names_that_they_may_not_see(shop: Member, ben: Member, cleo: Member) -> None:
    assert suggest(ben, "gross") != []
    assert suggest(cleo, "gross") == suggest(cleo, "shop") == suggest(cleo, "net/") == []
    with shop.scope():
        Session.objects.update(visibility="private")
    assert ("session", "Gross prices are wrong") not in suggest(ben, "gross")
