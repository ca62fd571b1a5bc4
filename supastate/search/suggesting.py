"""Suggestions while a query is typed: projects, names of code, files and sessions, as the reader sees them.

Names of code are found by their beginning in the order of an index, one look-up a name, so that a common beginning
costs no more than a rare one; from three letters on also by the beginning of a word inside, and with an owner, as
in `Cart.to`, by the qualified name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from supastate.search.statements import fetch_rows

LONGEST_PREFIX = 200
MOST_SUGGESTIONS = 50
INDEXED_CHARACTERS = 100
LETTERS_FOR_WORDS = 3
SESSIONS_LOOKED_AT = 500
MATCHES_LOOKED_AT = 300
OWNER = re.compile(r"\w(?:\.|::|#)")
LAST_CHARACTER = "\U0010ffff"


class SuggestionKind(StrEnum):
    """What is suggested."""

    PROJECT = "project"
    ENTITY = "entity"
    FILE = "file"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that fits, the id that other endpoints take (of code its uid), and what tells it from its like."""

    kind: SuggestionKind
    text: str
    id: str
    detail: str


def suggest(text: str, *, limit: int) -> list[Suggestion]:
    """Return up to `limit` suggestions, the kinds in turn and each kind's best first. Runs inside a scope."""
    if not text:
        return []
    key = name_key(text)
    parameters = {
        "text": text,
        "key": key,
        "end": key + LAST_CHARACTER,
        "words": text if len(text) >= LETTERS_FOR_WORDS else "",
        "qualified": key if OWNER.search(key) else "",
        "sessions": SESSIONS_LOOKED_AT,
        "matches": MATCHES_LOOKED_AT,
        "most": limit,
    }
    rows = fetch_rows("suggest", parameters)
    return [Suggestion(SuggestionKind(kind), name, item, detail) for kind, name, item, detail in rows]


def name_key(name: str) -> str:
    """Return a name as the column `name_key` has it."""
    return name.lower()[:INDEXED_CHARACTERS]
