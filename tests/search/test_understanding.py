"""What is understood of a query, on Saturday 21 November 2026."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supastate.errors import InvalidInputError
from supastate.search.understanding import NamedPath, Understood, understand

NOW = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)


def read(query: str) -> Understood:
    return understand(query, NOW)


def conditions(query: str) -> list[tuple[str, object]]:
    return [(condition.name, condition.value) for condition in read(query).conditions]


def day(number: int) -> datetime:
    return datetime(2026, 11, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lease project:shop", [("project", "shop")]),
        ('lease project:"my shop"', [("project", "my shop")]),
        ("Project:git@example.org:acme/shop.git", [("project", "git@example.org:acme/shop.git")]),
        ("lang:py", [("language", "python")]),
        ("language:TypeScript", [("language", "typescript")]),
        ("kind:memories", [("kinds", "memory")]),
        ("kind:function", [("codeKind", "function")]),
        ("role:User", [("role", "user")]),
        ("session:s1 session:s2", [("session", "s1"), ("session", "s2")]),
        ("path:net/ file:/shop.py", [("path", "net/"), ("path", "/shop.py")]),
        ("author:me", [("author", "me")]),
        ("since:2026-11-20", [("since", day(20))]),
        ('since:"last week"', [("since", day(9))]),
        ("until:2026-11-20", [("until", day(21))]),
        ("before:2026-11-20", [("until", day(20))]),
        ("after:yesterday", [("since", day(21))]),
    ],
)
def test_an_operator_becomes_the_parameter_that_says_the_same(query: str, found: list[tuple[str, object]]) -> None:
    assert conditions(query) == found


def test_what_is_left_is_searched_for_and_each_filter_tells_its_words() -> None:
    found = read('why  "lease:time  out" -cat project:shop fails since:monday yesterday')
    assert found.text == 'why "lease:time out" -cat fails'
    assert [condition.source for condition in found.conditions] == [
        "project:shop",
        "since:monday",
        "yesterday",
        "yesterday",
    ]


def test_a_query_without_operators_is_searched_for_as_it_was_typed() -> None:
    assert read(' a  "b  c" ').text == 'a  "b  c"'


def test_what_is_quoted_is_never_understood() -> None:
    found = read('"project:shop since yesterday net/shop.py" -"role:x today"')
    assert found.conditions == ()
    assert found.paths == ()
    assert found.text == '"project:shop since yesterday net/shop.py" -"role:x today"'


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a",
        "std::vector path::join",
        "localhost:8000 12:30 b.exe:42",
        "C:\\Users error:",
        "KeyError: file: x",
        "file://tmp",
    ],
)
def test_what_only_looks_like_an_operator_stays_words_without_a_warning(text: str) -> None:
    assert (read(text).text, read(text).conditions, read(text).warnings) == (text, (), ())


def test_an_unknown_and_a_negated_operator_stay_words_with_a_warning() -> None:
    found = read("lease colour:red -project:shop")
    assert found.text == "lease colour:red -project:shop"
    assert found.warnings == (
        "unknown operator taken as words: colour:",
        "-project: cannot be negated and was taken as words",
    )


@pytest.mark.parametrize(
    ("query", "code", "operator", "position"),
    [
        ("lease since:nonsense", "invalid_time", "since", 6),
        ("role:king", "invalid_choice", "role", 0),
        ("kind:42", "invalid_choice", "kind", 0),
        ('lease project:""', "required", "project", 6),
        ("project:" + "x" * 2000, "too_long", "project", 0),
    ],
)
def test_an_operator_with_a_value_that_it_cannot_have_is_refused_at_its_place(
    query: str, code: str, operator: str, position: int
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(query)
    assert refused.value.error_code == code
    assert refused.value.where == {"field": "q", "operator": operator, "position": position}


def test_more_operators_than_anybody_types_are_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        read("project:x " * 21)
    assert (refused.value.error_code, refused.value.where["limit"]) == ("too_many_items", 20)


def test_paths_and_identifiers_are_noted_and_stay_in_the_text() -> None:
    found = read("why does net/shop.py:42 call parseHTTPResponse() in `Cart.total`, see shop.py and a_b std::move")
    assert found.paths == (NamedPath("net/shop.py", 42), NamedPath("shop.py", None))
    assert found.identifiers == ("parseHTTPResponse", "Cart.total", "a_b", "std::move")
    assert found.text.startswith("why does net/shop.py call parseHTTPResponse() in `Cart.total`")


def test_plain_words_name_no_code() -> None:
    found = read("e.g. a Claim takes and/or 2,000 rows i.e. Many")
    assert found.identifiers == ("e.g", "i.e")  # nothing has these names, and nothing is found by them
    assert read("why does the Queue stall").identifiers == ()


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused_by_name(query: str) -> None:
    try:
        found = read(query)
    except InvalidInputError as refused:
        assert refused.where["field"] == "q"  # noqa: PT017
    else:
        assert len(found.text) <= len(query)


WORDS = st.sampled_from(
    [
        'project:"',
        "since:",
        "since:7d",
        "lang:py",
        '"',
        "-",
        "yesterday",
        "since",
        "last",
        "week",
        "in",
        "may",
        ":",
        "a/b.py:1",
    ]
)


@given(st.lists(WORDS, max_size=30), st.sampled_from([" ", "", "  "]))
def test_operators_in_any_order_are_understood_or_refused_by_name(words: list[str], between: str) -> None:
    test_any_text_is_understood_or_refused_by_name.hypothesis.inner_test(between.join(words))
