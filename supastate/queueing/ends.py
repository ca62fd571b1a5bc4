"""Tells whoever watches a batch that rows of it ended: published on Redis after the commit, best effort.

A message is only a reason to look at the rows; it carries the ids of batches and nothing else. With Redis away
nothing is published, and nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

from django.conf import settings
from django.db import transaction

from supastate.brief_redis import BriefRedis
from supastate.queueing.models import QueueItem
from supastate.queueing.tracing import list_batches


def name_channel() -> str:
    """Return the channel's name."""
    return f"{settings.REDIS_KEY_PREFIX}ended"


def announce_ended(rows: Sequence[QueueItem]) -> None:
    """Publish, at commit, the batches of rows that ended: one message for all of them."""
    batches = list_batches(rows)
    if batches:
        transaction.on_commit(partial(_publish, " ".join(map(str, batches))), robust=True)


def _publish(message: str) -> None:
    _redis().ask(lambda client: client.publish(name_channel(), message))


@cache
def _redis() -> BriefRedis:
    return BriefRedis("events")
