"""Command families: the same check, however it was spelled, has one name and one identity.

`cd /repo && .venv/bin/python -m pytest -q ./tests/x.py 2>&1` is `pytest tests/x.py`. Only what cannot change
what is checked is left out: wrappers, set-up, redirections, and of well-known runners the options that decide
how much they print. A program that is not known keeps all its words.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from processing.patterns.shell_words import Segment, split_command

LONGEST_FAMILY = 300
# Neither getting ready nor looking around is a check: `grep` without a match ends with 1 and nothing is broken.
SETUP = frozenset({":", "cd", "pushd", "popd", "source", ".", "export", "set", "unset", "echo", "printf", "mkdir"})
SETUP |= {"sleep", "true", "clear", "wait"}
LOOKING = frozenset(
    {"ls", "cat", "head", "tail", "grep", "egrep", "rg", "find", "which", "wc", "diff", "stat", "ps"}
)
LOOKING |= {
    "tree",
    "pwd",
    "env",
    "date",
    "sort",
    "uniq",
    "awk",
    "jq",
    "test",
    "[",
    "type",
    "command",
    "file",
    "du",
}
GIT_LOOKING = frozenset({"status", "log", "diff", "show", "blame", "grep", "branch", "rev-parse"})
WRAPPERS = (
    "sudo",
    "time",
    "nohup",
    "env",
    "npx",
    "bunx",
    "uv run",
    "poetry run",
    "pipenv run",
    "hatch run",
    "pnpm exec",
    "yarn exec",
    "npm exec --",
    "coverage run -m",
    "rye run",
    "pdm run",
)
ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*=")
PYTHON = re.compile(r"^python(?:\d(?:\.\d+)?)?$")
DURATION = re.compile(r"^\d+(?:\.\d+)?[smh]?$")

PATH_RUNNERS = (
    "pytest",
    "mypy",
    "ruff check",
    "ruff format",
    "ruff",
    "eslint",
    "jest",
    "vitest run",
    "vitest",
    "flake8",
    "pylint",
    "pyright",
    "black",
    "isort",
    "prettier",
)
OTHER_RUNNERS = (
    "go test",
    "go vet",
    "go build",
    "cargo test",
    "cargo build",
    "cargo clippy",
    "npm test",
    "yarn test",
    "pnpm test",
)
QUIET = frozenset(
    {"-q", "-qq", "-v", "-vv", "-vvv", "-x", "-s", "-l", "-ra", "-rA", "-rf", "--quiet", "--verbose"}
)
QUIET |= {"--exitfirst", "--no-header", "--no-summary", "--silent", "--pretty", "--cov", "--no-cov", "-count"}
QUIET_WITH_VALUE = frozenset({"--tb", "--maxfail", "--durations", "-n", "--numprocesses", "--color", "-p"})
QUIET_WITH_VALUE |= {"--cov-report", "--capture"}
NARROWING_WITH_VALUE = frozenset({"-k", "-m", "--deselect", "--ignore", "-t", "--testNamePattern", "-run"})
NARROWING = frozenset({"--lf", "--last-failed", "--ff", "--failed-first", "--onlyChanged"})
WITH_VALUE = NARROWING_WITH_VALUE | {"-c", "-o", "--config", "--rootdir"}


@dataclass(frozen=True, slots=True)
class Check:
    """One program that passes or fails; of a known runner, options and paths are sorted."""

    program: str
    options: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    takes_paths: bool = False

    @property
    def text(self) -> str:
        """The check as a person would type it."""
        return " ".join((self.program, *self.options, *self.targets))

    def covers(self, other: Check) -> bool:
        """Tell whether all that `other` checks is checked here too: more paths, fewer narrowing options."""
        if self.program != other.program or not set(self.options) <= set(other.options):
            return False
        if not all(_narrows(option) for option in set(other.options) - set(self.options)):
            return False
        if not self.takes_paths:
            return self.targets == other.targets
        if not self.targets or "." in self.targets:
            return True
        return bool(other.targets) and all(
            any(_contains(mine, theirs) for mine in self.targets) for theirs in other.targets
        )


@dataclass(frozen=True)
class Command:
    """What of a shell command can fail. `tells_outcome`: the exit status is that of the checks."""

    checks: tuple[Check, ...]
    tells_outcome: bool

    @cached_property
    def family(self) -> str:
        """The name of all spellings of this command."""
        return " && ".join(check.text for check in self.checks)[:LONGEST_FAMILY]

    @property
    def targets(self) -> frozenset[str]:
        """The files that are checked by name."""
        return frozenset(target.partition("::")[0] for check in self.checks for target in check.targets)

    def covers(self, other: Command) -> bool:
        """Tell whether a success of this command is a success of `other`."""
        return all(any(mine.covers(theirs) for mine in self.checks) for theirs in other.checks)


def read_command(text: str, *, root: str = "") -> Command | None:
    """Return the checks of a shell command, paths relative to `root`; None when it only looks around."""
    segments = split_command(text)
    if segments is None:
        return Command((Check(" ".join(text.split())[:LONGEST_FAMILY]),), tells_outcome=True)
    numbered = [(number, _read_check(segment.words, root)) for number, segment in enumerate(segments)]
    checks = [(number, check) for number, check in numbered if check is not None]
    if not checks:
        return None
    told = _tells_outcome(segments, first=checks[0][0])
    return Command(tuple(dict.fromkeys(check for _, check in checks)), tells_outcome=told)


def _tells_outcome(segments: Sequence[Segment], *, first: int) -> bool:
    """From the first check on, a pipe, `||` or `;` hides how it ended, unless the shell was told otherwise."""
    flags = "".join(word for part in segments[:first] if part.words[0] == "set" for word in part.words[1:])
    harmless = (
        {"&&", ""}
        | ({";"} if "e" in flags.partition("o")[0] else set())
        | ({"|"} if "pipefail" in flags else set())
    )
    return all(segment.then in harmless for segment in segments[first:-1]) and segments[-1].then in {"", ";"}


def _read_check(words: Sequence[str], root: str) -> Check | None:
    bare = _strip_wrappers([word for word in words if word])
    if not bare or bare[0] in SETUP | LOOKING or (bare[0] == "git" and set(bare[1:2]) & GIT_LOOKING):
        return None
    for runner in (*PATH_RUNNERS, *OTHER_RUNNERS):
        parts = runner.split()
        if bare[: len(parts)] == parts:
            return _read_runner(runner, bare[len(parts) :], root, takes_paths=runner in PATH_RUNNERS)
    return Check(bare[0], targets=tuple(bare[1:]))


def _read_runner(runner: str, words: Sequence[str], root: str, *, takes_paths: bool) -> Check:
    options: list[str] = []
    targets: list[str] = []
    rest = iter(words)
    for word in rest:
        name, _, value = word.partition("=")
        if not word.startswith("-"):
            targets.append(_relative(word, root) if takes_paths else word)
        elif name in QUIET_WITH_VALUE:
            _ = value or next(rest, "")
        elif name in WITH_VALUE:
            options.append(f"{name} {shlex.quote(value or next(rest, ''))}")
        elif name not in QUIET and word != "--":
            options.append(word)
    ordered = sorted(set(targets)) if takes_paths else targets
    return Check(runner, tuple(sorted(set(options))), tuple(ordered), takes_paths)


def _strip_wrappers(words: list[str]) -> list[str]:
    """Leave out what stands before the program: assignments, `timeout 60`, `uv run`, `python -m`, folders."""
    while words:
        wrapper = next((text.split() for text in WRAPPERS if words[: len(text.split())] == text.split()), None)
        if wrapper is not None:
            words = words[len(wrapper) :]
        elif ASSIGNMENT.match(words[0]):
            words = words[1:]
        elif words[0] == "timeout":
            words = _after_duration(words[1:])
        elif PYTHON.match(_name_program(words[0])) and words[1:2] == ["-m"]:
            words = words[2:]
        else:
            return [_name_program(words[0]), *words[1:]]
    return words


def _after_duration(words: list[str]) -> list[str]:
    duration = next((number for number, word in enumerate(words) if DURATION.match(word)), -1)
    return words[duration + 1 :]


def _name_program(word: str) -> str:
    path = PurePosixPath(word)
    return path.name if path.parent.name in {"bin", ".bin"} else word.removeprefix("./")


def _relative(target: str, root: str) -> str:
    inside = target.removeprefix(f"{root.rstrip('/')}/") if root else target
    return inside.removeprefix("./").rstrip("/") or "."


def _narrows(option: str) -> bool:
    return option.split(" ", 1)[0] in NARROWING_WITH_VALUE | NARROWING


def _contains(outer: str, inner: str) -> bool:
    return inner == outer or inner.startswith((f"{outer}/", f"{outer}::"))
