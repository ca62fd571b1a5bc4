"""Whether two texts disagree: each rule compares two statements about the same thing.

They are about the same thing if most telling words are shared and not both have words of their own: the parser
that supports Python and the one that does not support Fortran are no contradiction. Rules rather miss one than
make one up, as people are shown what they find; `python -m benchmarks.contradictions` tells how good they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import re2

from processing.contradictions.kinds import ContradictionKind
from processing.contradictions.reading import Number, Statement, read_statements
from processing.contradictions.words import OPPOSITE_STATES, STATE_HEADS, WEAK, stem

LEAST_SHARED = 0.6
FEWEST_SHARED = 2
_WORD = r"`?([a-z_][\w./+-]*)`?"
_REPLACED = [
    (re2.compile(rf"(?i)\b(?:instead of|rather than) (?:the |our )?{_WORD}"), "gone"),
    (
        re2.compile(rf"(?i)\b(?:moved?|switch(?:ed)?|migrated?|went) (?:\w+ )?(?:away )?from {_WORD} to {_WORD}"),
        "both",
    ),
    (re2.compile(rf"(?i)\breplaced? {_WORD} (?:with|by) {_WORD}"), "both"),
    (re2.compile(rf"(?i)\b{_WORD} (?:was|is|has been) replaced (?:with|by) {_WORD}"), "both"),
    (re2.compile(rf"(?i)\b(?:moved|switched|migrated|changed) (?:over )?to {_WORD}"), "come"),
]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What two texts disagree in, and the words or numbers of the first and the second."""

    kind: str
    difference: str


def find_disagreement(first: str, second: str) -> Disagreement | None:
    """Return the first disagreement of two texts, or None."""
    for one, other in product(read_statements(first), read_statements(second)):
        for rule in (_compare_numbers, _compare_polarity, _compare_replacements):
            if found := rule(one, other):
                return found
    return None


def _compare_numbers(one: Statement, other: Statement) -> Disagreement | None:
    if one.is_measured or other.is_measured or one.is_negative != other.is_negative:
        return None
    mine, theirs = _list_different(one, other), _list_different(other, one)
    if len(mine) != 1 or len(theirs) != 1 or mine[0].unit != theirs[0].unit:
        return None
    if not _are_about_the_same(one, other) or _find_opposites(one, other):
        return None
    return Disagreement(ContradictionKind.NUMBER, f"{mine[0].text} / {theirs[0].text}")


def _compare_polarity(one: Statement, other: Statement) -> Disagreement | None:
    opposites = _find_opposites(one, other)
    turns = (one.negations + other.negations + len(opposites)) % 2 == 1
    if not turns or _list_different(one, other) or not _are_about_the_same(one, other):
        return None
    if opposites:
        word = opposites[0]
        kind = ContradictionKind.STATE if word in OPPOSITE_STATES else ContradictionKind.POLARITY
        return Disagreement(kind, f"{_tell(one, word)} / {_tell(other, word)}")
    negative, positive = (one, other) if one.negations > other.negations else (other, one)
    head = next((head for head in negative.heads if head in positive.words), None)
    if head is None:
        return None
    is_state = negative.is_of_now or head in STATE_HEADS
    word = positive.said[head]
    said = (f"not {word}", word) if negative is one else (word, f"not {word}")
    return Disagreement(ContradictionKind.STATE if is_state else ContradictionKind.POLARITY, " / ".join(said))


def _compare_replacements(one: Statement, other: Statement) -> Disagreement | None:
    for changed, before in ((other, one), (one, other)):
        gone, come = _find_replaced(changed)
        if before.negations or not (gone or come) or _find_replaced(before) != ("", ""):
            continue
        shared = (changed.words & before.words) - WEAK
        named = {stem(gone), stem(come)}
        least = min(len(before.words - WEAK - named), len(changed.words - WEAK - named)) / 2
        if stem(gone) in before.words and len(shared - named) >= max(1, least):
            return _tell_replaced(gone, come, is_first=before is one)
        mine, theirs = changed.words - shared - WEAK, before.words - shared - WEAK
        if stem(come) in mine and not gone and len(theirs) == 1 and len(shared) >= FEWEST_SHARED:
            return _tell_replaced(before.said[next(iter(theirs))], come, is_first=before is one)
    return None


def _find_replaced(statement: Statement) -> tuple[str, str]:
    """Return what is gone and what came in its place; '' where a statement does not say."""
    for pattern, says in _REPLACED:
        if match := pattern.search(statement.text):
            named = [word.lower().rstrip(".") for word in match.groups()]
            return (
                (named[0], named[-1]) if says == "both" else (named[0], "") if says == "gone" else ("", named[0])
            )
    return "", ""


def _tell_replaced(gone: str, come: str, *, is_first: bool) -> Disagreement:
    after = come or f"not {gone}"
    return Disagreement(ContradictionKind.STATE, f"{gone} / {after}" if is_first else f"{after} / {gone}")


def _are_about_the_same(one: Statement, other: Statement) -> bool:
    shared = one.words & other.words
    mine, theirs = one.words - other.words - WEAK, other.words - one.words - WEAK
    if len(shared) < FEWEST_SHARED or (mine and theirs) or not shared - WEAK:
        return False
    return len(shared) >= LEAST_SHARED * max(len(one.words), len(other.words))


def _find_opposites(one: Statement, other: Statement) -> list[str]:
    return [
        word
        for word in sorted(one.sides.keys() & other.sides.keys())
        if one.sides[word][0] != other.sides[word][0]
    ]


def _tell(statement: Statement, word: str) -> str:
    return f"{'not ' if statement.is_negative else ''}{statement.sides[word][1]}"


def _list_different(one: Statement, other: Statement) -> list[Number]:
    """Return the numbers of one that the other does not have; of those it has twice, one is enough."""
    known = {(number.value, number.unit) for number in other.numbers}
    return [number for number in one.numbers if (number.value, number.unit) not in known]
