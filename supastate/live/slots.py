"""How many streams a key holds in this process. A slot that is forgotten is free again."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakSet

from django.conf import settings

from supastate.errors import ThrottledError

TRY_AGAIN_SECONDS = 10


@dataclass(eq=False, slots=True, weakref_slot=True)
class Slot:
    """The right to one stream, until it is released."""

    _siblings: WeakSet[Slot] = field(repr=False)

    def release(self) -> None:
        """Give it back; twice is harmless."""
        self._siblings.discard(self)


_held: dict[UUID, WeakSet[Slot]] = {}


def take_slot(key_id: UUID) -> Slot:
    """Return a slot of the key; raise ThrottledError when it holds LIVE_STREAMS_PER_KEY."""
    mine = _held.setdefault(key_id, WeakSet())
    if len(mine) >= settings.LIVE_STREAMS_PER_KEY:
        raise ThrottledError(
            f"This key holds {len(mine)} streams: end one of them first.",
            retry_after=TRY_AGAIN_SECONDS,
            limit=settings.LIVE_STREAMS_PER_KEY,
        )
    slot = Slot(mine)
    mine.add(slot)
    return slot
