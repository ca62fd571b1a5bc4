"""The cursor of a search: where its page ended, when its first page was asked for, and of which search it is.

Later pages see no row that came after the first, so that nothing is shown twice or left out while rows arrive. A
text that gets its vector, or is changed or deleted between two pages, may still move. A time such as `yesterday`
means the same on all pages. Nothing in a cursor is secret: what a forged one asks for is still the reader's own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from supastate.api.pagination import EPOCH, decode_cursor, encode_cursor
from supastate.errors import InvalidInputError

MILLISECOND = timedelta(milliseconds=1)
CLOCK_SKEW = timedelta(hours=1)
LONGEST_CURSOR = 300


@dataclass(frozen=True, slots=True)
class SearchCursor:
    """`place` is (score, id) of the last result; without a query the score is microseconds since 1970."""

    place: tuple[float, UUID]
    asked_at: datetime
    search: str

    @property
    def newest_id(self) -> UUID:
        """The first id that a row could get in the millisecond after the first page was asked for (UUIDv7)."""
        return UUID(int=((self.asked_at - EPOCH) // MILLISECOND + 1) << 80)

    def encode(self) -> str:
        """Return the opaque text."""
        score, last_id = self.place
        return encode_cursor(score, str(last_id), (self.asked_at - EPOCH) // MILLISECOND, self.search)


def read_search_cursor(text: str, *, now: datetime) -> SearchCursor | None:
    """Return the cursor of a text, None for ''. Raises InvalidInputError for what this server did not make."""
    key = decode_cursor(text, float, str, int, str)
    if key is None:
        return None
    score, last_id, milliseconds, search = key
    try:
        cursor = SearchCursor((score, UUID(last_id)), EPOCH + milliseconds * MILLISECOND, search)
        EPOCH + timedelta(microseconds=score)
    except (ValueError, OverflowError) as exc:
        raise broken_cursor() from exc
    if not EPOCH < cursor.asked_at < now + CLOCK_SKEW:
        raise broken_cursor()
    return cursor


def identify_search(parts: Sequence[object]) -> str:
    """Return a short name of a search, the same for the same parts: a cursor goes on only with its own."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:16]


def broken_cursor() -> InvalidInputError:
    """The error for a cursor that was cut, made up, or is of another search."""
    return InvalidInputError(
        "The cursor is not one of this search: start again without it.", code="invalid_cursor", field="cursor"
    )
