"""What an error says, apart from where and when: the same error has the same signature on every machine.

A signature is made of an error's type and message without what changes from one time to the next: paths,
numbers, addresses, hashes and ids are masked. Names in quotes stay: they say what is missing or wrong.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_ERRORS = 5
SCANNED_CHARACTERS = 100_000
LONGEST_MESSAGE = 300
LONGEST_LINE = 2_000  # masking takes the square of it
# Each with the groups `kind` and `message`. A line counts for the first form that it has.
FORMS = tuple(
    re.compile(form)
    for form in (
        r"^(?:E +|Uncaught )?(?P<kind>(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning))\b(?:: ?(?P<message>.*))?$",
        r"^(?:E +)?(?P<kind>(?:[a-z_]\w*\.)+[A-Z]\w+): (?P<message>.+)$",
        r"\berror (?P<kind>TS\d+): (?P<message>.+)$",
        r"^error\[(?P<kind>E\d+)\]: (?P<message>.+)$",
        r"^(?:\S+:\d+(?::\d+)?: )?(?P<kind>fatal error|fatal|panic|error|Error|ERROR): (?P<message>.+)$",
        r"^\S+\.go:\d+:\d+: (?P<message>(?P<kind>undefined|cannot use|declared and not used|missing return).*)$",
        r"^(?:\S+: )?(?:line \d+: )?(?P<message>\S+: (?P<kind>command not found|No such file or directory))$",
    )
)
MASKS = (
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\b0x[0-9a-f]+\b", re.IGNORECASE), "<hex>"),
    (re.compile(r"(?<![\w.])(?:[A-Za-z]:)?(?:\.{0,2}[/\\])(?:[\w.@+-]+[/\\])*[\w.@+-]*(?::\d+)*"), "<path>"),
    (re.compile(r"\b(?:[\w.@+-]+/)+[\w@+-]+\.\w+(?:::?[\w\[\]-]+)*"), "<path>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b"), "<hex>"),
    (re.compile(r"\d+(?:\.\d+)*"), "<n>"),
    (re.compile(r"\s+"), " "),
)
MASK = re.compile(r"<\w+>")
WORD = re.compile(r"[^\W\d_]{3,}")
SAYS_NOTHING = frozenset({"assert", "None", "True", "False"})


@dataclass(frozen=True, slots=True)
class KnownError:
    """An error as it is compared: its type, its masked message, and where its line stands in the text."""

    kind: str
    message: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """The error as a person reads it."""
        if not self.message or self.kind in self.message:
            return self.message or self.kind
        return f"{self.kind}: {self.message}"

    @property
    def signature(self) -> str:
        """What makes two errors the same."""
        return hashlib.sha256(f"{self.kind}\x00{self.message}".encode()).hexdigest()


def find_errors(text: str, *, before: int = 0) -> list[KnownError]:
    """Return the different errors that a text tells, the last first, at most five.

    `before` is how many characters stand before the text in the whole, which their places count from.
    """
    found: dict[str, KnownError] = {}
    tail = text[-SCANNED_CHARACTERS:]
    for error in _read_lines(tail, before + len(text) - len(tail)):
        found.setdefault(error.signature, error)
        if len(found) == MOST_ERRORS:
            break
    return list(found.values())


def mask_message(message: str) -> str:
    """Return a message without what changes from one time to the next."""
    for pattern, mask in MASKS:
        message = pattern.sub(mask, message)
    return message.strip()[:LONGEST_MESSAGE]


def _read_lines(text: str, before: int) -> Iterator[KnownError]:
    """Yield the errors of a text from its end: what comes last is what ended the run."""
    end = len(text)
    for line in reversed(text.splitlines(keepends=True)):
        start = end - len(line)
        error = _read_line(line.strip()[:LONGEST_LINE], before + start, before + start + len(line.rstrip()))
        if error is not None:
            yield error
        end = start


def _read_line(line: str, start: int, end: int) -> KnownError | None:
    match = next((match for form in FORMS if (match := form.search(line))), None)
    if match is None:
        return None
    kind = match["kind"].rpartition(".")[2]
    message = mask_message(match["message"] or "")
    words = set(WORD.findall(MASK.sub("", message))) - SAYS_NOTHING
    # `AssertionError: assert 1 == 2` is the error of every test: it would lead to any other's solution.
    return KnownError(kind, message, start, end) if words or (not message and kind != "AssertionError") else None
