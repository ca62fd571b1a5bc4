"""Spellings of one check are one family; what does not check anything, and what hides its end, is known."""

from __future__ import annotations

import pytest

from processing.patterns.commands import Command, read_command
from processing.patterns.outcomes import read_outcome


def command(text: str) -> Command:
    read = read_command(text, root="/code/shop")
    assert read is not None
    return read


@pytest.mark.parametrize(
    "spelling",
    [
        "pytest tests/x.py",
        "pytest tests/x.py -q",
        "cd /code/shop && pytest -x --tb=short tests/x.py",
        ".venv/bin/python -m pytest -vv ./tests/x.py",
        "DEBUG=1 timeout 60 uv run pytest tests/x.py --maxfail 1",
        "pytest /code/shop/tests/x.py 2>&1",
        "poetry run pytest \\\n  tests/x.py > out.txt",
        "# the failing one\npytest tests/x.py",
    ],
)
def test_spellings_of_one_check_are_one_family(spelling: str) -> None:
    assert command(spelling).family == "pytest tests/x.py"


@pytest.mark.parametrize(
    "other",
    [
        "pytest tests/y.py",
        "pytest -k claims tests/x.py",
        "mypy tests/x.py",
        "make test",
        "pytest tests/x.py::test_one",
    ],
)
def test_another_check_is_another_family(other: str) -> None:
    assert command(other).family != "pytest tests/x.py"


@pytest.mark.parametrize(
    "looking", ["grep -rn claim .", "ls", "cd /tmp", "git status", "cat a | head -3", "echo done", "sleep 3"]
)
def test_looking_around_is_no_check(looking: str) -> None:
    assert read_command(looking) is None


@pytest.mark.parametrize(
    ("passing", "failing"),
    [
        ("pytest tests/x.py tests/y.py", "pytest tests/x.py"),
        ("pytest tests", "pytest tests/x.py::test_one"),
        ("pytest", "pytest tests/x.py"),
        ("pytest tests/x.py", "pytest -k claims tests/x.py"),
        ("ruff check .", "ruff check processing"),
        ("ruff check . && mypy", "mypy"),
    ],
)
def test_a_wider_check_covers_a_narrower_one_and_not_the_other_way(passing: str, failing: str) -> None:
    assert command(passing).covers(command(failing))
    assert not command(failing).covers(command(passing))


@pytest.mark.parametrize(
    ("one", "other"),
    [("pytest tests/x.py", "pytest tests/x.py.bak"), ("pytest a.py", "pytest -m slow b.py"), ("make a", "make b")],
)
def test_what_another_check_says_covers_nothing(one: str, other: str) -> None:
    assert not command(one).covers(command(other))
    assert not command(other).covers(command(one))


@pytest.mark.parametrize(
    "hidden", ["pytest | tail -5", "pytest || true", "pytest; echo done", "pytest &", "make lint\nmake test"]
)
def test_an_exit_status_of_something_else_tells_nothing(hidden: str) -> None:
    assert read_outcome(command(hidden), {"success": True}, beginning="", ending="no summary") is None


@pytest.mark.parametrize(
    "plain",
    [
        "pytest",
        "ruff check . && mypy",
        "set -o pipefail; pytest | tail -5",
        "set -e; pytest; echo ok",
        "cat x | mypy",
    ],
)
def test_an_exit_status_of_the_checks_tells_how_they_ended(plain: str) -> None:
    assert read_outcome(command(plain), {"success": True}, beginning="", ending="") is True
    assert read_outcome(command(plain), {"success": False}, beginning="", ending="") is False


@pytest.mark.parametrize(
    ("ending", "passed"),
    [
        ("3 failed, 2 passed in 1.2s", False),
        ("5 passed in 1.2s", True),
        ("0 errors, 5 passed", True),
        ("Found 2 errors in 1 file", False),
        ("collected", None),
    ],
)
def test_behind_a_pipe_the_runs_own_summary_counts(ending: str, passed: bool | None) -> None:
    assert read_outcome(command("pytest | tail -3"), {"success": True}, beginning="", ending=ending) is passed


def test_a_command_that_was_refused_or_interrupted_did_not_fail() -> None:
    refused = "The user doesn't want to proceed with this tool use."
    assert read_outcome(command("pytest"), {"success": False}, beginning=refused, ending="") is None
    stopped = {"success": False, "exitCode": 130}
    assert read_outcome(command("pytest"), stopped, beginning="", ending="") is None
    assert read_outcome(command("pytest"), {}, beginning="", ending="") is None


@pytest.mark.parametrize(
    "text", ["python - <<'EOF'\nprint(1)\nEOF", "echo 'unbalanced", "((", "&&", "", "timeout"]
)
def test_no_text_is_too_strange(text: str) -> None:
    read = read_command(text)
    assert read is None or len(read.family) <= 300
