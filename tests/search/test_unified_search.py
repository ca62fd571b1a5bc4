"""`/api/search`: filters by parameter and by query, lists without a query, groups, facets and pages."""

from __future__ import annotations

from typing import Any

import pytest

from processing.models import Memory, Session
from supastate.search.requests import KNOWN
from tests import pipeline
from tests.conftest import Member
from tests.search.asking import find, post, titles, walk

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

SHOP = """def gross_price(net):
    return net * 1.2


class Cart:
    def total(self):
        return gross_price(1)
"""
LEASE = "The lease of a task is 330 seconds."
CAT = "The cat sleeps on the lease."
DEPLOY = "Deploys need no lease."


@pytest.fixture
def talk(ada: Member) -> Member:
    """Three memories in two sessions, on 18, 19 and 20 November, and two files."""
    pipeline.queue_chunk(ada, LEASE, session="s1", timestamp="2026-11-18T10:00:00Z")
    pipeline.queue_chunk(ada, CAT, session="s2", timestamp="2026-11-19T10:00:00Z", messageType="assistant")
    pipeline.queue_chunk(
        ada, DEPLOY, session="s2", timestamp="2026-11-20T10:00:00Z", filePaths=["deploy/notes.md"]
    )
    pipeline.queue_code(ada, {"net/shop.py": SHOP, "web/lease.ts": "export function lease() {}\n"})
    while pipeline.store(ada):
        pass
    with ada.scope():
        Session.objects.filter(key="s2").update(title="Why deploys stall")
    return ada


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"roles": "assistant"}, {CAT}),
        ({"role": ["assistant", "system"]}, {CAT}),
        ({"sessions": "s1"}, {LEASE}),
        ({"kinds": "memory", "since": "2026-11-19T00:00:00Z"}, {CAT, DEPLOY}),
        ({"kinds": "memory", "dateRange": "2026-11-19T00:00:00Z..2026-11-20T00:00:00Z"}, {CAT}),
        ({"kinds": "memory", "dateRange": "..2026-11-19T00:00:00Z"}, {LEASE}),
        ({"paths": "notes.md"}, {DEPLOY}),
        ({"paths": "deploy/"}, {DEPLOY}),
        ({"paths": "/notes.md"}, {DEPLOY}),
        ({"paths": ["otes.md", "%", "deploy_", "\\"]}, set()),
        ({"languages": "typescript", "codeKinds": "function"}, {"web.lease.lease"}),
        ({"paths": "web", "codeKind": "function"}, {"web.lease.lease"}),
        ({"authors": "ada", "kinds": "memory"}, {LEASE, CAT, DEPLOY}),
        ({"author": "ben"}, set()),
        ({"projects": "shop", "kinds": "memory"}, {LEASE, CAT, DEPLOY}),
    ],
)
def test_a_filter_narrows_in_both_methods(talk: Member, ben: Member, parameters: Any, found: set[str]) -> None:
    assert set(titles(find(talk, q="lease", **parameters))) == found
    assert set(titles(post(talk, q="lease", **parameters))) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lease role:assistant", {CAT}),
        ("lease session:s1", {LEASE}),
        ("lease since:2026-11-19 kind:memory", {CAT, DEPLOY}),
        ("lease on 2026-11-19 kind:memory", {CAT}),
        ("lease path:notes.md", {DEPLOY}),
        ("lease lang:ts kind:function", {"web.lease.lease"}),
        ("lease author:me kind:memory", {LEASE, CAT, DEPLOY}),
        ("lease -cat kind:memory", {LEASE, DEPLOY}),
        ('"task is" kind:memory', {LEASE}),
    ],
)
def test_an_operator_in_the_query_narrows_like_its_parameter(talk: Member, query: str, found: set[str]) -> None:
    assert set(titles(find(talk, q=query))) == found


def test_a_parameter_and_an_operator_must_both_be_met(talk: Member) -> None:
    assert titles(find(talk, q="lease session:s2", roles="assistant", sessions=["s1", "s2"])) == [CAT]
    assert titles(find(talk, q="lease session:s2", sessions="s1")) == []
    assert titles(find(talk, q="lease path:notes.md", paths="deploy")) == [DEPLOY]
    assert titles(find(talk, q="lease path:notes.md", paths="other")) == []
    assert titles(find(talk, q="lease kind:memory", kinds="code")) == []


def test_the_answer_tells_what_was_understood_and_takes_it_as_words_if_told_to(talk: Member) -> None:
    understood = find(talk, q="lease since:2026-11-19 role:user")["understood"]
    assert understood == {
        "text": "lease",
        "filters": [
            {"name": "since", "value": "2026-11-19T00:00:00+00:00", "from": "since:2026-11-19"},
            {"name": "role", "value": "user", "from": "role:user"},
        ],
    }
    plain = find(talk, q="lease since:2026-11-19 role:user", understand="false")
    assert plain["understood"] == {"text": "lease since:2026-11-19 role:user", "filters": []}
    assert CAT in titles(plain)


def test_a_time_in_passing_that_nothing_is_of_is_words_and_said_so(talk: Member) -> None:
    found = find(talk, q="lease in March 2019", kinds="memory", limit=2)
    assert found["understood"] == {"text": "lease in March 2019", "filters": []}
    assert found["warnings"] == ['nothing was found of that time, taken as words: "in March 2019"']
    walked = [result["title"] for result in walk(talk, q="lease in March 2019", kinds="memory", limit=2)]
    assert sorted(walked) == sorted([LEASE, CAT, DEPLOY])
    assert set(titles(post(talk, q="lease in March 2019", kinds=["memory"]))) == {LEASE, CAT, DEPLOY}
    grouped = find(talk, q="lease in March 2019", kinds="memory", groupBy="session")
    assert sum(group["count"] for group in grouped["groups"]) == 3


@pytest.mark.parametrize("query", ["lease until:2019-03", "in March 2019", "unheard in March 2019"])
def test_a_time_that_is_meant_or_alone_stays_a_filter(talk: Member, query: str) -> None:
    assert titles(find(talk, q=query, kinds="memory")) == []


def test_a_cursor_of_words_is_none_of_another_search(talk: Member) -> None:
    cursor = find(talk, q="lease in March 2019", kinds="memory", limit=2)["nextCursor"]
    other = talk.api.get(
        "/api/search", {"q": "lease in May 2019", "kinds": "memory", "limit": 2, "cursor": cursor}
    )
    assert (other.status_code, other.json()["code"]) == (400, "invalid_cursor")


def test_days_begin_where_the_reader_lives(talk: Member) -> None:
    found = find(talk, q="since:2026-11-19", timezone="Asia/Tokyo")["understood"]["filters"]
    assert found[0]["value"] == "2026-11-18T15:00:00+00:00"


def test_a_query_of_operators_alone_lists_the_newest_first(talk: Member) -> None:
    found = find(talk, q="project:shop kind:memory")
    assert titles(found) == [DEPLOY, CAT, LEASE]
    assert {result["score"] for result in found["results"]} == {None}
    assert titles(find(talk, kinds="memory", roles="user")) == [DEPLOY, LEASE]
    assert titles(find(talk, q="kind:memory until:2026-11-19")) == [CAT, LEASE]
    listed = [result["title"] for result in walk(talk, projects="shop", limit=2)]
    assert len(listed) == len(set(listed)) == 3 + 6
    assert listed == titles(find(talk, projects="shop"))


def test_a_filter_that_a_kind_does_not_have_leaves_it_out(talk: Member) -> None:
    found = find(talk, q="lease role:user lang:python")
    assert found["results"] == []
    assert "no kind of result" in found["warnings"][0]


def test_unknown_names_find_nothing_and_are_told(talk: Member) -> None:
    found = find(talk, q="lease project:nowhere", sessions="s9", authors="nobody")
    assert found["results"] == []
    assert found["warnings"] == [
        "unknown project: 'nowhere'",
        "unknown session: 's9'",
        "unknown author: 'nobody'",
    ]


def test_null_filters_are_absent(talk: Member) -> None:
    nothing = dict.fromkeys(KNOWN - {"q"})
    assert titles(post(talk, q="lease", **nothing)) == titles(find(talk, q="lease"))
    assert titles(post(talk, q="lease", dateRange={"from": None, "to": None})) == titles(find(talk, q="lease"))


def test_code_that_the_query_names_is_told_by_itself(talk: Member) -> None:
    named = find(talk, q="what does shop.py:2 do")["named"]
    assert [(item["title"], item["source"]["path"]) for item in named] == [("net.shop.gross_price", "net/shop.py")]
    assert [item["title"] for item in find(talk, q="explain net/shop.py")["named"]] == ["net/shop.py"]
    assert [item["title"] for item in find(talk, q="who calls Cart.total()?")["named"]] == ["net.shop.Cart.total"]
    assert "named" not in find(talk, q="who calls the cart?")
    assert "named" not in find(talk, q="gross_price", kinds="memory")
    assert "named" not in find(talk, q="gross_price project:nowhere")


def test_results_come_in_groups_of_a_session(talk: Member) -> None:
    found = find(talk, q="lease kind:memory", groupBy="session")
    assert found["results"] == []
    groups = {group["title"]: group for group in found["groups"]}
    assert {title: group["count"] for title, group in groups.items()} == {"s1": 1, "Why deploys stall": 2}
    assert {result["title"] for result in groups["Why deploys stall"]["results"]} == {CAT, DEPLOY}
    small = find(talk, q="lease kind:memory", groupBy="session", groupSize=1)["groups"]
    assert [(group["count"], len(group["results"])) for group in small if group["title"] != "s1"] == [(2, 1)]


def test_results_come_in_groups_of_a_file(talk: Member) -> None:
    found = find(talk, q="lease", groupBy="file")
    counts = {group["title"]: group["count"] for group in found["groups"]}
    assert counts == {"web/lease.ts": 2, "deploy/notes.md": 1, None: 2}


@pytest.mark.parametrize("query", ["lease", "project:shop"])
def test_pages_of_groups_follow_each_other_without_gap_or_repeat(talk: Member, query: str) -> None:
    whole = find(talk, q=query, groupBy="file")["groups"]
    assert len(whole) >= 3
    assert walk(talk, of="groups", q=query, groupBy="file", limit=1) == whole


def test_facets_count_what_paging_would_show(talk: Member) -> None:
    found = find(talk, q="lease", facets="true", limit=1)
    facets = {
        name: {value["label"]: value["count"] for value in values} for name, values in found["facets"].items()
    }
    assert facets == {
        "projects": {"shop": 5},
        "kinds": {"memory": 3, "code": 2},
        "languages": {"typescript": 2},
        "codeKinds": {"file": 1, "function": 1},
        "roles": {"user": 2, "assistant": 1},
        "sessions": {"Why deploys stall": 2, "s1": 1},
        "months": facets["months"],
    }
    assert sum(facets["months"].values()) == len(walk(talk, q="lease", limit=2)) == 5
    assert len(found["results"]) == 1


def test_facets_are_counted_under_the_filters_and_only_those_asked_for(talk: Member) -> None:
    found = find(talk, q="lease role:user", facets=["roles", "months"])
    assert found["facets"] == {
        "roles": [{"value": "user", "label": "user", "count": 2}],
        "months": [{"value": "2026-11", "label": "2026-11", "count": 2}],
    }
    assert post(talk, q="lease role:user", facets=["roles", "months"])["facets"] == found["facets"]
    assert post(talk, kinds=["memory"], facets=True)["facets"]["kinds"][0]["count"] == 3
    assert "facets" not in find(talk, q="lease")


def test_a_private_session_is_no_facet_and_no_group_of_others(talk: Member, ben: Member) -> None:
    with talk.scope():
        Session.objects.filter(key="s1").update(visibility="private")
    found = find(ben, q="lease kind:memory", facets="sessions")["facets"]["sessions"]
    assert [value["label"] for value in found] == ["Why deploys stall"]
    groups = find(ben, q="lease kind:memory", groupBy="session")["groups"]
    assert {(group["title"], group["count"]) for group in groups} == {("Why deploys stall", 2), (None, 1)}


@pytest.mark.parametrize("query", ["lease", "kind:memory"])
def test_rows_that_arrive_between_pages_neither_repeat_nor_push_out_others(talk: Member, query: str) -> None:
    whole = titles(find(talk, q=query))
    seen: list[str] = []
    cursor = ""
    for number in range(len(whole)):
        page = find(talk, q=query, limit=1, cursor=cursor)
        seen += titles(page)
        cursor = page["nextCursor"] or ""
        # An old moment and the best of words: among what is listed and what is searched it comes anywhere.
        for moment in ("2026-11-18T00:00:00Z", "2026-11-21T00:00:00Z"):
            pipeline.queue_chunk(talk, f"lease lease lease {number} {moment}", timestamp=moment, session="s3")
        pipeline.store(talk)
    assert (seen, cursor) == (whole, "")
    assert len(titles(find(talk, q=query, limit=100))) == 3 * len(whole)


def test_a_cursor_goes_on_with_its_own_search_alone(talk: Member, ben: Member) -> None:
    cursor = find(talk, q="lease", limit=1)["nextCursor"]
    for other in (
        {"q": "cat"},
        {"q": "lease", "role": "user"},
        {"q": "lease role:user"},
        {"q": "lease", "groupBy": "file"},
        {"q": "lease", "kinds": "memory"},
    ):
        answer = talk.api.get("/api/search", {**other, "cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")
    assert talk.api.get("/api/search/memories", {"q": "lease", "cursor": cursor}).status_code == 400
    assert find(talk, q="lease", limit=3, cursor=cursor)["results"]
    assert post(talk, q="lease", limit=3, cursor=cursor)["results"]


def test_a_memory_that_is_deleted_while_it_is_searched_for_is_left_out(talk: Member) -> None:
    cursor = find(talk, q="kind:memory", limit=1)["nextCursor"]
    with talk.scope():
        Memory.objects.filter(content=CAT).delete()
    assert titles(find(talk, q="kind:memory", cursor=cursor)) == [LEASE]
