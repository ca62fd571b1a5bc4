"""Postgres ended in an instant, and the web process between commit and reply: a 202 is a promise."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from supastate.local.service import LOOPBACK
from tests.faults.cluster import Cluster, wait_until
from tests.faults.oracle import Client, ask, find_fates, wait_until_drained

pytestmark = pytest.mark.faults
RESTARTS = 3
LOST_REPLIES = 3


@pytest.mark.quick
@pytest.mark.on_neo4j
def test_what_was_acknowledged_survives_a_restart_of_postgres(
    cluster: Cluster, client: Client, tell: Callable[..., None]
) -> None:
    ended = False

    def send_all() -> None:
        with cluster.make_api() as api:
            while not ended:
                client.send_until_acknowledged(api, client.make_chunks(20))

    with ThreadPoolExecutor(1) as beside:
        sending = beside.submit(send_all)
        try:
            for _ in range(RESTARTS):
                known = len(client.acknowledged)
                wait_until(lambda known=known: len(client.acknowledged) > known + 200, within=60, what="202s")
                cluster.end_postgres_at_once()
                cluster.start_postgres()
        finally:
            ended = True
        sending.result(timeout=90)
    drained = wait_until_drained(cluster)
    fates = find_fates(cluster, client)
    tell(answers=dict(client.answers), drained_s=round(drained, 1), fates=dict(fates))
    assert 500 not in client.answers
    assert fates == {"completed": len(client.acknowledged)}


@pytest.mark.quick
def test_a_reply_lost_after_the_commit_makes_no_second_row(
    cluster: Cluster, client: Client, tell: Callable[..., None]
) -> None:
    for number in range(1, LOST_REPLIES + 1):
        chunks = client.make_chunks(10)
        with post_without_reading(cluster, client.make_body(chunks)):
            wait_until(
                lambda number=number: len(ask(cluster, "fates", session=client.session)) == 10 * number,
                within=30,
                what="the commit",
            )
            cluster.kill("web")
        cluster.start_process("web")
        with cluster.make_api() as api:
            client.send_until_acknowledged(api, chunks)
    wait_until_drained(cluster)
    fates = find_fates(cluster, client)
    tell(lost_replies=LOST_REPLIES, answers=dict(client.answers), fates=dict(fates))
    assert fates == {"completed": 10 * LOST_REPLIES}


def post_without_reading(cluster: Cluster, body: object) -> socket.socket:
    """Send a request on a connection that nobody reads from; the caller closes it."""
    content = orjson.dumps(body)
    head = (
        "POST /api/ingest/memory HTTP/1.1\r\n"
        f"Host: {LOOPBACK}\r\n"
        f"Authorization: Bearer {cluster.state.get('SUPASTATE_API_KEY')}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    connection = socket.create_connection((LOOPBACK, int(cluster.environment["SUPASTATE_PORT"])), timeout=10)
    connection.sendall(head.encode() + content)
    return connection
