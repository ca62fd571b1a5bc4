"""The same error has one signature wherever it comes up; what says nothing has none."""

from __future__ import annotations

import pytest

from processing.patterns.errors import find_errors, mask_message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KeyError: 'vat'", "E   KeyError: 'vat'"),
        (
            "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379.",
            "ConnectionError: Error 61 connecting to localhost:6380.",
        ),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/home/ada/x.sql'",
            "FileNotFoundError: [Errno 2] No such file or directory: '/srv/y.sql'",
        ),
        (
            "src/a.ts(14,7): error TS2304: Cannot find name 'Foo'.",
            "lib/b.ts:3:5 - error TS2304: Cannot find name 'Foo'.",
        ),
        ("./main.go:12:3: undefined: parseRow", "./cmd/run.go:9:14: undefined: parseRow"),
    ],
)
def test_place_and_numbers_make_no_difference(one: str, other: str) -> None:
    assert (
        [error.signature for error in find_errors(one)] == [error.signature for error in find_errors(other)] != []
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KeyError: 'vat'", "KeyError: 'net'"),
        ("ValueError: too long", "TypeError: too long"),
        ("ModuleNotFoundError: No module named 'shop'", "ModuleNotFoundError: No module named 'cart'"),
    ],
)
def test_type_and_names_do(one: str, other: str) -> None:
    assert find_errors(one)[0].signature != find_errors(other)[0].signature


@pytest.mark.parametrize(
    "text", ["", "E   assert 3 == 4", "AssertionError: assert 90 == 81", "All good: no error.", "12 passed"]
)
def test_what_says_nothing_is_no_error(text: str) -> None:
    assert find_errors(text) == []


def test_the_last_error_of_an_output_comes_first_with_its_place() -> None:
    text = "x\nKeyError: 'vat'\nDuring handling …\nE   ValueError: no rate\n1 failed"
    errors = find_errors(text, before=100)
    assert [error.text for error in errors] == ["ValueError: no rate", "KeyError: 'vat'"]
    assert text[errors[0].start - 100 : errors[0].end - 100] == "E   ValueError: no rate"


def test_masks() -> None:
    told = "row 3f2b9c1d7e at 0x7f3a in /var/lib/x.py:33 took 30.5 s for 01a1ff04-8f60-7493-af1c-88725a066008"
    assert mask_message(told) == "row <hex> at <hex> in <path> took <n> s for <id>"
