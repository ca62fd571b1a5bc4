"""Run the dispatcher: the one process that sends hints to the workers."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

import psycopg
import redis
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from kombu.exceptions import OperationalError

from supastate.celery import app
from supastate.errors import TransientError
from supastate.queueing.dispatcher import Dispatcher
from supastate.queueing.stages import Stage, all_stages
from supastate.startup import refuse_bad_configuration

BROKER_TIMEOUT_SECONDS = 5.0


class Command(BaseCommand):
    """`manage.py dispatch`. One is enough; a second does no harm."""

    help = __doc__ or ""

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Dispatch until SIGTERM."""
        refuse_bad_configuration()
        dispatcher = Dispatcher(
            stages=all_stages(),
            connect=connect_as_dispatcher,
            send=send_hint,
            count_waiting=count_waiting,
            poll_seconds=settings.DISPATCH_POLL_SECONDS,
            most_waiting=settings.DISPATCH_HINTS_WAITING,
        )
        dispatcher.stop_on_signals()
        dispatcher.run()


def connect_as_dispatcher() -> psycopg.Connection:
    """Open a connection of its own as the dispatcher role: LISTEN needs one that nothing else uses."""
    parameters = connections["dispatch"].get_connection_params()
    keep = {key: value for key, value in parameters.items() if key not in {"cursor_factory", "context"}}
    keep.pop("prepare_threshold", None)
    return psycopg.connect(**keep, autocommit=True)


def send_hint(stage: Stage, workspace_id: UUID) -> None:
    """Publish one hint. Raises TransientError when the broker is away."""
    try:
        app.send_task(stage.task, args=[str(workspace_id)], queue=stage.queue, retry=False)
    except (OperationalError, redis.RedisError) as exc:
        raise TransientError(f"The broker is away: {type(exc).__name__}.", code="broker_unavailable") from exc


def count_waiting(queue: str) -> int:
    """Return how many hints wait in a queue's list. Raises TransientError when the broker is away."""
    try:
        return int(_broker().llen(f"{settings.REDIS_KEY_PREFIX}{queue}"))
    except redis.RedisError as exc:
        raise TransientError(f"The broker is away: {type(exc).__name__}.", code="broker_unavailable") from exc


@cache
def _broker() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_TIMEOUT_SECONDS,
        socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
    )
