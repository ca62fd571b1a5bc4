"""Ended rows are published after the commit, one message for a transaction, and never at a stage's cost."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import redis
from django.db import transaction

from processing.models import LinkQueue
from supastate.errors import PermanentError, TransientError
from supastate.local.service import find_free_port
from supastate.queueing import ends
from supastate.queueing.claims import Claim, claim_rows, complete_rows
from supastate.queueing.ends import name_channel
from supastate.queueing.models import Status
from supastate.queueing.runner import fail_rows
from supastate.workspaces.ids import new_id
from tests.conftest import Member, make_member


@pytest.fixture(autouse=True)
def fresh_client() -> Iterator[None]:
    ends._redis.cache_clear()
    yield
    ends._redis.cache_clear()


@pytest.fixture
def ada(committed: None) -> Member:
    return make_member("north", "ada")


@pytest.fixture
def heard(redis_url: str) -> Iterator[Any]:
    """What was published since the last call: the batches of each message."""
    with redis.Redis.from_url(redis_url, decode_responses=True) as client, client.pubsub() as subscription:
        subscription.subscribe(name_channel())
        assert subscription.get_message(timeout=5)

        def read() -> list[set[str]]:
            client.publish(name_channel(), "stop")
            messages = []
            while (text := subscription.get_message(timeout=5)["data"]) != "stop":
                messages.append(set(text.split()))
            return messages

        yield read


def claim(member: Member, *batch_ids: Any) -> Claim[LinkQueue]:
    with member.scope():
        LinkQueue.objects.bulk_create(
            LinkQueue(workspace=member.workspace, memory_id=new_id(), batch_id=batch_id) for batch_id in batch_ids
        )
        return claim_rows(LinkQueue, workspace_id=member.workspace.id, size=10)


def test_one_message_names_the_batches_of_a_transaction(ada: Member, heard: Any) -> None:
    first, second = new_id(), new_id()
    claimed = claim(ada, first, first, second, None)
    assert heard() == []
    with ada.scope():
        complete_rows(claimed, claimed.rows)
    assert heard() == [{str(first), str(second)}]


def test_what_is_rolled_back_is_not_published(ada: Member, heard: Any) -> None:
    claimed = claim(ada, new_id())
    with ada.scope():
        complete_rows(claimed, claimed.rows)
        transaction.set_rollback(True)
    assert heard() == []


def test_dead_rows_are_published_and_rows_that_are_tried_again_are_not(ada: Member, heard: Any) -> None:
    dead, alive = new_id(), new_id()
    claimed = claim(ada, dead, alive)
    fail_rows(claimed, claimed.rows[1:], TransientError("Not now."), workspace_id=ada.workspace.id)
    fail_rows(claimed, claimed.rows[:1], PermanentError("Never."), workspace_id=ada.workspace.id)
    assert heard() == [{str(dead)}]


@pytest.mark.parametrize("how", ["away", "silent"])
def test_redis_away_or_silent_fails_no_stage_and_is_waited_for_once(ada: Member, settings: Any, how: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = find_free_port() if how == "away" else silent.getsockname()[1]
        settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
        claimed = claim(ada, *(new_id() for _ in range(10)))
        for row in claimed.rows:
            with ada.scope():
                complete_rows(claimed, [row])
        assert count_connections(silent) == (1 if how == "silent" else 0)
    with ada.scope():
        assert LinkQueue.objects.filter(status=Status.COMPLETED).count() == 10


def count_connections(server: socket.socket) -> int:
    """Return how many clients have connected."""
    server.setblocking(False)
    count = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count
