"""Opaque cursors: the sort key of the last row that was shown."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from supastate.errors import InvalidInputError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""What the times in sort keys are counted from."""


def encode_cursor(*key: Any) -> str:
    """Return the cursor of a sort key of JSON values."""
    raw = json.dumps(key, separators=(",", ":"), default=str).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(text: str, *types: type) -> list[Any] | None:
    """Return the sort key of a cursor ('' is the beginning: None); its values must be of `types`."""
    if not text:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        matches = len(key) == len(types) and all(map(isinstance, key, types))
    except (ValueError, binascii.Error, TypeError, RecursionError) as exc:
        raise broken_cursor() from exc
    if not matches:
        raise broken_cursor()
    return list(key)


def encode_place(moment: datetime, row_id: UUID) -> str:
    """Return the cursor of a list in order of time and id."""
    return encode_cursor(moment.isoformat(), str(row_id))


def decode_place(text: str) -> tuple[datetime, UUID] | None:
    """Return what `encode_place` was given."""
    key = decode_cursor(text, str, str)
    if key is None:
        return None
    try:
        moment, row_id = datetime.fromisoformat(key[0]), UUID(key[1])
    except ValueError as exc:
        raise broken_cursor() from exc
    if moment.tzinfo is None:
        raise broken_cursor()
    return moment, row_id


def is_after(place: tuple[datetime, UUID], *, moment: str) -> Q:
    """Return what comes after a place in a list by the column `moment` and id, the newest first.

    The outer bound is what an index goes by.
    """
    return Q(**{f"{moment}__lte": place[0]}) & (Q(**{f"{moment}__lt": place[0]}) | Q(pk__lt=place[1]))


def broken_cursor() -> InvalidInputError:
    """The error for a cursor that this server did not make."""
    return InvalidInputError("The cursor is not one of ours: start again without it.", code="invalid_cursor")
