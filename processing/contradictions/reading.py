"""Reads a text as statements: what each is about, what it negates, and its numbers. Questions state nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import re2

from processing.contradictions.words import (
    BREAKS,
    HEDGES,
    MEASURED,
    MONTHS,
    NEGATORS,
    OPPOSITES,
    ORDINAL,
    UNITS,
    UNSAID,
    stem,
)

MOST_CHARACTERS = 4_000
MOST_STATEMENTS = 20
MOST_TOKENS = 40
_CODE = re2.compile(r"(?s)```.*?(?:```|\z)")
_SENTENCE = re2.compile(r"[^.!?\n]*(?:[.!?][^\s][^.!?\n]*)*[.!?\n]?")
_PHRASES = (
    (re2.compile(r"(?i)\bno longer\b"), "not-now"),
    (re2.compile(r"(?i)\bnot (?:\w+ ){0,4}?any ?more\b"), "not-now "),
    (re2.compile(r"(?i)\broll(?:ed|s)? back\b"), "rolledback"),
)
_TOKEN = re2.compile(
    r"(?i)[a-z_][\w./]*(?:[-:'\x{2019}][a-z0-9_.]+)*|\d+(?:[-/:]\d+)+|\d[\d_]*(?:[.,]\d+)*|[,;:=%()]"
)
_DATE = re2.compile(r"\d+(?:[-/:]\d+)+|(?:19|20)\d\d")
_YEAR_AFTER = frozenset(["in", "since", "until", "by", "of"])


@dataclass(frozen=True, slots=True)
class Number:
    """A number with what it is of: `value` in the base of its unit; `text` as people read it."""

    value: float
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence. `said` are its telling words by their stems, `heads` the stems that negations begin with.

    `sides` are words that have an opposite, with the side on which they are. Numbers that only tell one thing from
    another, and dates, are among the words: `step 1`.
    """

    text: str
    said: dict[str, str]
    heads: tuple[str, ...]
    negations: int
    is_of_now: bool
    sides: dict[str, tuple[int, str]]
    numbers: tuple[Number, ...]
    is_measured: bool

    @property
    def words(self) -> frozenset[str]:
        """The stems of what it is about."""
        return frozenset(self.said)

    @property
    def is_negative(self) -> bool:
        """Whether an odd number of negations is left."""
        return self.negations % 2 == 1


def read_statements(text: str) -> list[Statement]:
    """Return the first statements of a text that claim something."""
    found: list[Statement] = []
    for sentence in _SENTENCE.findall(_CODE.sub("\n", text[:MOST_CHARACTERS])):
        statement = _read(sentence.strip())
        if statement is not None:
            found.append(statement)
        if len(found) == MOST_STATEMENTS:
            break
    return found


def _read(sentence: str) -> Statement | None:
    if not sentence or sentence.endswith("?"):
        return None
    for phrase, instead in _PHRASES:
        sentence = phrase.sub(instead, sentence)
    tokens = [token.rstrip("./").replace("\u2019", "'") for token in _TOKEN.findall(sentence.lower())]
    if not tokens or len(tokens) > MOST_TOKENS or HEDGES.intersection(tokens):
        return None
    spoken = [token for token in tokens if token[0].isalpha() or token[0] == "_"]
    said = [word for word in spoken if not _is_negator(word) and word not in UNSAID]
    numbers, names, units = _read_numbers(tokens)
    return Statement(
        text=sentence,
        said={stem(word): word for word in said if word not in units} | {name: name for name in names},
        heads=tuple(_find_heads(tokens)),
        negations=sum(map(_is_negator, spoken)),
        is_of_now="not-now" in spoken or ("yet" in spoken and any(map(_is_negator, spoken))),
        sides={OPPOSITES[word][0]: (OPPOSITES[word][1], word) for word in said if word in OPPOSITES},
        numbers=tuple(numbers),
        is_measured=bool(MEASURED.intersection(tokens)),
    )


def _is_negator(word: str) -> bool:
    return word in NEGATORS or word.endswith("n't") or word == "not-now"


def _find_heads(tokens: list[str]) -> Iterator[str]:
    """Yield the first telling word behind each negation, unless its clause ends before."""
    is_open = False
    for token in tokens:
        if _is_negator(token):
            is_open = True
        elif token in BREAKS or not token[0].isalnum():
            is_open = False
        elif is_open and token not in UNSAID:
            yield stem(token)
            is_open = False


def _read_numbers(tokens: list[str]) -> tuple[list[Number], set[str], set[str]]:
    """Return the numbers that tell how much, the names that others are part of, and the words that are units."""
    numbers, names, units = [], set(), set()
    for place, token in enumerate(tokens):
        if not token[0].isdigit():
            continue
        before = next((word for word in reversed(tokens[:place]) if word[0].isalpha()), "")
        after = tokens[place + 1] if place + 1 < len(tokens) else ""
        if _is_name(token, before, after):
            names.add(f"{before} {token}")
            continue
        numbers.append(_build_number(token, before, after))
        if after in UNITS:
            units.add(after)
    return numbers, names, units


def _is_name(token: str, before: str, after: str) -> bool:
    """Whether a number tells which and not how much: step 1, a date, a time of day."""
    if {before, stem(before)} & ORDINAL or {before, after} & MONTHS:
        return True
    return _DATE.fullmatch(token) is not None and (not token.isdigit() or before in _YEAR_AFTER)


def _build_number(token: str, before: str, after: str) -> Number:
    unit, size = UNITS.get(after, ("", 1.0))
    if token.count(".") > 1:  # a version of three parts
        return Number(0.0, token, f"{before} {token}")
    value = float(token.replace("_", "").replace(",", ""))
    said = f"{token} {after}" if unit else f"{before} {token}" if before else token
    return Number(value * size, unit, said)
