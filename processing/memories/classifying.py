"""What type of memory a text is, and how much it matters, by the rules of `type_rules`.

What a tool did is an episode. In words, each sentence has the type of the first rule that speaks; the type that
most sentences have, the more important of two, is the text's if it is at least a quarter of them. Questions and
headings state nothing and are left out, and so is code. Where no rule speaks, there is no type; importance is 0.5.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.memory_types import MemoryType
from processing.memories.type_rules import RULES_VERSION, find_type_of

UNTYPED_IMPORTANCE = 0.5
IMPORTANCE: Mapping[str, float] = {
    MemoryType.FACTUAL: 0.3,
    MemoryType.EPISODIC: 0.4,
    MemoryType.RELATIONAL: 0.6,
    MemoryType.EMOTIONAL: 0.9,
    MemoryType.PROCEDURAL: 0.5,
    MemoryType.OPINION: 0.3,
    MemoryType.CAUSAL: 0.7,
}
MOST_CHARACTERS = 8_000
LEAST_SHARE = 0.25
_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\n\d\.)\s+|\n+")


def judge(content: str, *, role: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a memory's type, importance and what tells whose they are; None is not said."""
    by_hand = {name: value for name, value in said.items() if value is not None}
    kind = by_hand.get("type") or find_type(content, role=role)
    found = {"type": kind, "importance": IMPORTANCE.get(kind, UNTYPED_IMPORTANCE)}
    return {**found, **by_hand, "set_by_hand": sorted(by_hand), "rules_version": RULES_VERSION}


def find_type(content: str, *, role: str) -> str:
    """Return the type of a text that `role` said or did, '' where no rule speaks."""
    if role == "tool":
        return MemoryType.EPISODIC
    votes = [find_type_of(sentence) for sentence in _list_statements(content)]
    counted = Counter(vote for vote in votes if vote)
    if not counted:
        return ""
    winner, count = max(counted.items(), key=lambda item: (item[1], IMPORTANCE[item[0]]))
    return winner if count >= LEAST_SHARE * len(votes) else ""


def _list_statements(content: str) -> Iterator[str]:
    prose = "\n" + _CODE.sub("\n", content[:MOST_CHARACTERS])
    for sentence in _SENTENCE_END.split(prose):
        stripped = sentence.strip()
        if stripped and not stripped.endswith(("?", ":")):
            yield stripped
