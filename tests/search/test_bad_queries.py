"""Bad queries: a clear 4xx or an answer, never a 5xx, and never another workspace's data."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processing.models import Memory
from supastate.api.pagination import encode_cursor
from supastate.search.requests import KNOWN
from tests import pipeline
from tests.conftest import Member
from tests.search.asking import find, post

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

CANARY = "zanzibar"
PLACES = ("/api/search", "/api/search/memories", "/api/search/code")


@pytest.fixture
def foreign(cleo: Member) -> Member:
    """Another workspace, where everything bears the canary's name."""
    pipeline.queue_chunk(cleo, f"The {CANARY} lease.", session=CANARY, filePaths=[f"{CANARY}.py"])
    pipeline.queue_code(cleo, {f"{CANARY}.py": f"def {CANARY}():\n    return '{CANARY} lease'\n"})
    pipeline.drain(cleo)
    assert CANARY in json.dumps(find(cleo, q=CANARY, facets="true", related="true", groupBy="session"))
    return cleo


ODD = [
    " ",
    "the",
    "-only -minus",
    '"',
    '""',
    "project:x since:yesterday",
    "'; DROP TABLE processing_memory; --",
    "' OR 1=1 --",
    "a & | ! <-> ( :*",
    "!!!",
    "'a' <2> 'b':*ABCD",
    "%s %(q)s %%",
    "{visible} {0}",
    "\\x00 \\",
    "🦀🦀 👩‍👩‍👧‍👦",
    "שלום עולם مرحبا",
    "\u202eevil\u202c \u200b",
    "\u0001\u0002\u0003",
    "a" * 10_000,
    "a " * 5_000,
    '"a" ' * 2_500,
    "(" * 10_000,
    ":" * 10_000,
    "-" * 10_000,
    "- " * 5_000,
    "a" + "--" * 500 + "b",
    '-"" ' * 500,
    '-""' * 500,
    '-"' * 501,
    "-(" * 500,
    "-or " * 500,
    "or " * 500,
    "-a " * 500,
    "a/b.py:99999999999999999999",
    "a/b.py:2147483648",
    "x" * 300 + ".py",
    "/".join(["a"] * 400) + ".py",
    "a.b.c.d.e.f.g",
    "9999 years ago",
    "since 0001-01-01",
    "before:0001-01-01",
    "after:9999-12-31",
]


@pytest.mark.parametrize("place", PLACES)
def test_odd_queries_are_answered_or_refused_by_name(ada: Member, foreign: Member, place: str) -> None:
    for query in ODD:
        answer = ada.api.get(place, {"q": query, "facets": "true", "related": "true"})
        assert answer.status_code in {200, 400}, (query, answer.content)
        assert CANARY not in answer.content.decode()
        if answer.status_code == 400:
            assert {"code", "detail", "field"} <= set(answer.json()), query


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({}, "required", "q"),
    ({"q": ""}, "required", "q"),
    ({"q": "  "}, "required", "q"),
    ({"q": None}, "required", "q"),
    ({"q": "x" * 100_000}, "too_long", "q"),
    ({"q": "a\x00b"}, "nul_character", "q"),
    ({"q": "\ud800"}, "lone_surrogate", "q"),
    ({"q": 7}, "invalid_type", "q"),
    ({"q": ["a"]}, "invalid_type", "q"),
    ({"q": {"a": "b"}}, "invalid_type", "q"),
    ({"q": "since:nonsense"}, "invalid_time", "q"),
    ({"q": "role:king"}, "invalid_choice", "q"),
    ({"q": "a", "limit": 0}, "out_of_range", "limit"),
    ({"q": "a", "limit": -1}, "out_of_range", "limit"),
    ({"q": "a", "limit": 10**9}, "out_of_range", "limit"),
    ({"q": "a", "limit": 10**30}, "out_of_range", "limit"),
    ({"q": "a", "limit": 1.5}, "invalid_type", "limit"),
    ({"q": "a", "limit": True}, "invalid_type", "limit"),
    ({"q": "a", "groupSize": 21}, "out_of_range", "groupSize"),
    ({"q": "a", "cursor": "broken"}, "invalid_cursor", ""),
    ({"q": "a", "cursor": "WzFd"}, "invalid_cursor", ""),
    ({"q": "a", "cursor": "x" * 1_000}, "too_long", "cursor"),
    ({"q": "a", "projects": [1]}, "invalid_type", "projects"),
    ({"q": "a", "projects": {"a": "b"}}, "invalid_type", "projects"),
    ({"q": "a", "projects": ["x"] * 101}, "too_many_items", "projects"),
    ({"q": "a", "projects": ["\x00"]}, "nul_character", "projects"),
    ({"q": "a", "projects": [["a"]]}, "invalid_type", "projects"),
    ({"q": "a", "kinds": ["memory", "dream"]}, "invalid_choice", "kinds"),
    ({"q": "a", "roles": "king"}, "invalid_choice", "roles"),
    ({"q": "a", "dateRange": {"from": "yesterday"}}, "invalid_time", "dateRange.from"),
    ({"q": "a", "dateRange": ["a", "b"]}, "invalid_type", "dateRange"),
    ({"q": "a", "dateRange": "2026-01-01T00:00:00"}, "timestamp_without_zone", "dateRange.from"),
    ({"q": "a", "since": 5}, "invalid_type", "since"),
    ({"q": "a", "timezone": "Mars/Olympus"}, "invalid_choice", "timezone"),
    ({"q": "a", "timezone": "../../etc/passwd"}, "invalid_choice", "timezone"),
    ({"q": "a", "timezone": "America"}, "invalid_choice", "timezone"),
    ({"q": "a", "groupBy": "colour"}, "invalid_choice", "groupBy"),
    ({"q": "a", "facets": ["colours"]}, "invalid_choice", "facets"),
    ({"q": "a", "facets": 5}, "invalid_type", "facets"),
    ({"q": "a", "related": "perhaps"}, "invalid_type", "related"),
]


@pytest.mark.parametrize(("body", "code", "field"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_bad_body_is_refused_by_name(ada: Member, body: dict[str, Any], code: str, field: str) -> None:
    answer = ada.api.post("/api/search", json.dumps(body), content_type="application/json")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (400, code)
    assert told.get("field", "") == field or not field
    if code in {"too_long", "out_of_range", "too_many_items"}:
        assert told["limit"] > 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"q"', 400),
        (b"{", 400),
        (b"\xff", 400),
        (b'{"q": "a", "projects": ' + b"[" * 500 + b"]" * 500 + b"}", 400),
        (b'{"q": "a", "x": ' + b'{"a":' * 200_000 + b"1" + b"}" * 200_000 + b"}", 400),
        (b'{"q": NaN}', 400),
    ],
)
def test_what_is_no_body_of_a_search_is_refused(ada: Member, body: bytes, status: int) -> None:
    answer = ada.api.post("/api/search", body, content_type="application/json")
    assert (answer.status_code, set(answer.json()) >= {"code", "detail"}) == (status, True)


@pytest.mark.parametrize(
    "key",
    [
        (float("nan"), "019aa5c2-6f0e-7c11-8d53-0f7b9e3f5a21", 1, "x"),
        (1e300, "019aa5c2-6f0e-7c11-8d53-0f7b9e3f5a21", 1_700_000_000_000, "x"),
        (1.0, "no id", 1_700_000_000_000, "x"),
        (1.0, "019aa5c2-6f0e-7c11-8d53-0f7b9e3f5a21", 10**30, "x"),
        (1.0, "019aa5c2-6f0e-7c11-8d53-0f7b9e3f5a21", -5, "x"),
        (1.0, "019aa5c2-6f0e-7c11-8d53-0f7b9e3f5a21", 4_000_000_000_000, "x"),
        (1.0, "019aa5c2-6f0e-7c11-8d53-0f7b9e3f5a21", 1_700_000_000_000, "x"),
    ],
)
def test_a_made_up_cursor_is_refused(ada: Member, key: tuple[Any, ...]) -> None:
    answer = ada.api.get("/api/search", {"q": "a", "cursor": encode_cursor(*key)})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_another_workspaces_names_are_as_unknown_as_any(ada: Member, foreign: Member) -> None:
    with foreign.scope():
        memory = Memory.objects.get()
    for name in (CANARY, str(memory.project_id)):
        assert find(ada, q="lease", projects=name)["warnings"] == [f"unknown project: {name!r}"]
    for name in (CANARY, str(memory.session_id)):
        assert find(ada, q="lease", sessions=name)["warnings"] == [f"unknown session: {name!r}"]
    for name in ("cleo", str(foreign.user.pk)):
        assert find(ada, q="lease", authors=name)["warnings"] == [f"unknown author: {name!r}"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": CANARY},
        {"q": f"{CANARY}.py"},
        {"q": f"{CANARY}()"},
        {"q": "kind:memory"},
        {"q": "lease", "groupBy": "session"},
        {"q": "lease", "groupBy": "file"},
        {"q": "kind:code", "groupBy": "file"},
    ],
)
def test_no_answer_has_anything_of_another_workspace(
    ada: Member, foreign: Member, parameters: dict[str, str]
) -> None:
    pipeline.queue_chunk(ada, "Our lease.")
    pipeline.queue_code(ada, {"own.py": "def own():\n    return 'lease'\n"})
    pipeline.drain(ada)
    asked = {**parameters, "facets": True, "related": True, "explain": True}
    own = post(ada, **asked)
    assert CANARY not in json.dumps({**own, "understood": None})
    assert CANARY in json.dumps(post(foreign, **asked))
    cursor = post(foreign, **{**asked, "limit": 1})["nextCursor"]
    if cursor:
        answer = ada.api.post("/api/search", {**asked, "cursor": cursor}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
NAMES = st.sampled_from(sorted(KNOWN - {"q", "query", "workspace"}))
SIGNS = st.text(alphabet="-\"!|&():*<>\\' abor", max_size=120)


@given(query=st.text(max_size=60) | SIGNS, others=st.dictionaries(NAMES, VALUES, max_size=3))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_makes_the_server_fail(ada: Member, query: str, others: dict[str, Any]) -> None:
    body = json.dumps({"q": query, **others})
    answer = ada.api.post("/api/search", body, content_type="application/json")
    assert answer.status_code in {200, 400}, (body, answer.content)
