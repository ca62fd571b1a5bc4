"""One item's checks: what is refused, with which code, and what passes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.checks import (
    MAX_DEPTH,
    MAX_ITEM_BYTES,
    MAX_METADATA_BYTES,
    ItemError,
    check_json,
    check_metadata,
    check_text,
    normalise_path,
    parse_timestamp,
)


def code_of(outcome: object) -> str | None:
    return outcome.code if isinstance(outcome, ItemError) else None


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("a\x00b", "nul_character"),
        ("half \ud83d of a pair", "lone_surrogate"),
        ("\udc00", "lone_surrogate"),
        ("a" * (MAX_ITEM_BYTES + 1), "too_large"),
        ("é" * (MAX_ITEM_BYTES // 2 + 1), "too_large"),
        ("é" * (MAX_ITEM_BYTES // 2), None),
        ("a" * MAX_ITEM_BYTES, None),
        ("whole 😀 pair", None),
    ],
)
def test_a_text_that_cannot_be_stored_is_refused_by_code(text: str, code: str | None) -> None:
    assert code_of(check_text(text)) == code


def test_a_source_file_may_be_empty_but_not_hold_a_nul() -> None:
    assert check_text("", may_be_empty=True) is None
    assert code_of(check_text("\x00", may_be_empty=True)) == "nul_character"


def test_a_refusal_does_not_repeat_the_content() -> None:
    outcome = check_text("the password is swordfish\x00")
    assert outcome is not None
    assert "swordfish" not in outcome.detail


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (nested(MAX_DEPTH), None),
        (nested(MAX_DEPTH + 1), "too_deep"),
        (nested(100_000), "too_deep"),
        ({"a": {"b": ["x\x00"]}}, "nul_character"),
        ({"key\x00": 1}, "nul_character"),
        ({"a": "\ud800"}, "lone_surrogate"),
        ({"a": float("nan")}, "number_out_of_range"),
        ([float("inf")], "number_out_of_range"),
        ([2**64], "number_out_of_range"),
        ([1.5e308], "number_out_of_range"),
        ([2**64 - 1, -(2**63), 1.5e18, 1e-308, True, None], None),
    ],
)
def test_a_json_value_that_cannot_be_stored_is_refused_by_code(value: object, code: str | None) -> None:
    assert code_of(check_json(value)) == code


def test_metadata_is_measured_as_it_is_written() -> None:
    overhead = len(json.dumps({"k": ""}, separators=(",", ":")))
    fits = {"k": "x" * (MAX_METADATA_BYTES - overhead)}
    assert check_metadata(fits) is None
    assert code_of(check_metadata({"k": fits["k"] + "x"})) == "metadata_too_large"
    assert code_of(check_metadata({"k": "é" * (MAX_METADATA_BYTES // 2)})) == "metadata_too_large"
    assert code_of(check_metadata({"k": nested(MAX_DEPTH)})) == "too_deep"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-20T09:00:00Z", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ("2026-11-20T09:00:00.123z", datetime(2026, 11, 20, 9, 0, 0, 123000, tzinfo=UTC)),
        ("2026-11-20T10:30:00+01:30", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_timestamp_with_a_zone_is_read_as_utc(value: str, moment: datetime) -> None:
    parsed = parse_timestamp(value)
    assert parsed == moment
    assert isinstance(parsed, datetime)
    assert parsed.tzinfo is UTC


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-11-20T09:00:00", "timestamp_without_zone"),
        ("2026-11-20", "timestamp_without_zone"),
        ("yesterday", "timestamp_invalid"),
        ("", "timestamp_invalid"),
        ("1969-12-31T23:59:59Z", "timestamp_invalid"),
        ("0001-01-01T00:00:00+14:00", "timestamp_invalid"),
        ("2201-01-01T00:00:00Z", "timestamp_invalid"),
        ("2026-13-01T00:00:00Z", "timestamp_invalid"),
        ("2026-11-20T09:00:00Z" + " " * 1000, "timestamp_invalid"),
        (1763629200, "timestamp_invalid"),
        (None, "timestamp_invalid"),
        (True, "timestamp_invalid"),
    ],
)
def test_a_timestamp_that_names_no_moment_is_refused(value: object, code: str) -> None:
    assert code_of(parse_timestamp(value)) == code


@pytest.mark.parametrize(
    ("path", "root", "normal"),
    [
        ("src/a.py", None, "src/a.py"),
        ("./src//./a.py", None, "src/a.py"),
        (r"src\deep\a.py", None, "src/deep/a.py"),
        ("/home/dev/app/src/a.py", "/home/dev/app", "src/a.py"),
        ("/home/dev/app/src/a.py", "/home/dev/app/", "src/a.py"),
        (r"C:\Dev\App\src\a.py", r"c:\dev\app", "src/a.py"),
        ("..hidden/a..b", None, "..hidden/a..b"),
        ("café/naïve.py", None, "café/naïve.py"),
        ("x" * 1024, None, "x" * 1024),
    ],
)
def test_a_path_has_one_spelling(path: str, root: str | None, normal: str) -> None:
    assert normalise_path(path, project_root=root) == normal


@pytest.mark.parametrize(
    ("path", "root", "code"),
    [
        ("../a.py", None, "path_outside_project"),
        ("src/../../a.py", None, "path_outside_project"),
        (r"src\..\a.py", None, "path_outside_project"),
        ("/etc/passwd", None, "path_outside_project"),
        ("/home/dev/application/a.py", "/home/dev/app", "path_outside_project"),
        ("/home/dev/APP/a.py", "/home/dev/app", "path_outside_project"),
        ("/home/dev/app/../secret", "/home/dev/app", "path_outside_project"),
        (r"D:\app\a.py", r"C:\app", "path_outside_project"),
        ("C:a.py", None, "path_invalid"),
        ("", None, "path_invalid"),
        ("  ", None, "path_invalid"),
        (".", None, "path_invalid"),
        ("/home/dev/app", "/home/dev/app", "path_outside_project"),
        ("src/", None, "path_invalid"),
        ("x" * 1025, None, "path_invalid"),
        ("a\x00.py", None, "nul_character"),
        ("a\ud800.py", None, "lone_surrogate"),
    ],
)
def test_a_path_that_is_no_file_of_the_project_is_refused(path: str, root: str | None, code: str) -> None:
    assert code_of(normalise_path(path, project_root=root)) == code
