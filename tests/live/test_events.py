"""A batch's events: streamed while its rows end, resumed on any server, and nobody else's."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import orjson
import psycopg
import pytest
import redis

from ingest.models import MemoryQueue
from supastate.errors import PermanentError
from supastate.local.service import RunningService, find_free_port
from supastate.queueing.claims import claim_rows, complete_rows
from supastate.queueing.runner import fail_rows
from tests import pipeline
from tests.conftest import Member, make_member
from tests.ingest.sending import make_chunk, send_chunks
from tests.live.conftest import StartLive

AT_ONCE_SECONDS = 5.0  # far less than the minute after which an idle stream would look by itself
IDLE = {"LIVE_HEARTBEAT_SECONDS": "60", "LIVE_POLL_SECONDS": "60"}


@dataclass(frozen=True)
class Event:
    """One event as it was received."""

    id: str
    name: str
    data: dict[str, Any]


class Stream:
    """An open stream, read event by event."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()

    def read(self) -> Event | None:
        """Return the next event; None when the server ended the stream."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if not line and "data" in fields:
                return Event(fields["id"], fields["event"], orjson.loads(fields["data"]))
            name, _, value = line.partition(": ")
            fields[name] = value
        return None

    def read_comment(self) -> str:
        """Return the next comment."""
        return next(line for line in self._lines if line.startswith(":"))


@contextmanager
def watch(live: RunningService, member: Member, batch_id: str, *, seen: str = "") -> Iterator[Stream]:
    """Open a batch's stream."""
    headers = {"Authorization": f"Bearer {member.key}"} | ({"Last-Event-ID": seen} if seen else {})
    with (
        httpx2.Client(timeout=30, trust_env=False) as client,
        client.stream("GET", f"{live.url}/api/ingest/batches/{batch_id}/events", headers=headers) as answer,
    ):
        yield Stream(answer)


def ask(live: RunningService, batch_id: object, key: str = "", **options: Any) -> httpx2.Response:
    """Ask for a stream that is refused."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    url = f"{live.url}/api/ingest/batches/{batch_id}/events"
    return httpx2.request(options.pop("method", "GET"), url, headers=headers, trust_env=False, **options)


@pytest.fixture(scope="module")
def live(start_live: StartLive) -> RunningService:
    """A process whose idle streams sleep for a minute: what comes sooner was published."""
    return start_live(**IDLE)


@pytest.fixture
def ada(committed: None) -> Member:
    return make_member("north", "ada")


def send(member: Member, *contents: str) -> str:
    return str(send_chunks(member, *(make_chunk(content) for content in contents))["batchId"])


def end_rows(member: Member, *, dead: int = 0) -> None:
    """End what waits in the first stage without asking for another: the last `dead` rows die."""
    with member.scope():
        claim = claim_rows(MemoryQueue, workspace_id=member.workspace.id, size=10)
        whole = len(claim.rows) - dead
        complete_rows(claim, claim.rows[:whole])
        fail_rows(claim, claim.rows[whole:], PermanentError("No."), workspace_id=member.workspace.id)


def test_events_come_while_the_stages_end_and_the_last_is_the_end(live: RunningService, ada: Member) -> None:
    batch_id = send(ada, "a", "b")
    with watch(live, ada, batch_id) as stream:
        assert stream.answer.headers["content-type"] == "text/event-stream"
        assert "X-Request-Id" in stream.answer.headers
        first = stream.read()
        assert first is not None
        assert (first.name, first.data["pending"], first.data["done"]) == ("progress", 2, False)
        assert first.data["batchId"] == batch_id
        pipeline.store(ada)
        began = time.monotonic()
        stored = stream.read()
        assert stored is not None
        assert (stored.data["completed"], stored.data["stages"]["link_memories"]["pending"]) == (2, 2)
        assert time.monotonic() - began < AT_ONCE_SECONDS
        pipeline.drain(ada)
        names = [event.name for event in iter(stream.read, None)]
        assert names[-1] == "end"
        assert set(names[:-1]) <= {"progress"}


def test_dead_rows_end_a_batch_too(live: RunningService, ada: Member) -> None:
    with watch(live, ada, send(ada, "a", "b")) as stream:
        stream.read()
        end_rows(ada, dead=1)
        last = stream.read()
        assert last is not None
        assert (last.name, last.data["completed"], last.data["dead"]) == ("end", 1, 1)
        assert stream.read() is None


def test_a_batch_without_new_items_has_ended(live: RunningService, ada: Member) -> None:
    with watch(live, ada, send(ada)) as stream:
        last = stream.read()
        assert last is not None
        assert last.name == "end"


def test_another_server_goes_on_where_the_first_one_was(
    live: RunningService, start_live: StartLive, ada: Member
) -> None:
    batch_id = send(ada, "a")
    with watch(live, ada, batch_id) as stream:
        first = stream.read()
    assert first is not None
    other = start_live(**IDLE)
    with watch(other, ada, batch_id, seen=first.id) as stream:
        assert stream.read_comment() == ": nothing new"
        end_rows(ada)
        last = stream.read()
    assert last is not None
    assert (last.name, last.data["completed"]) == ("end", 1)
    with watch(live, ada, batch_id, seen=first.id) as stream:
        assert stream.read() == last
    assert ask(live, batch_id, ada.key).status_code == 200
    with watch(live, ada, batch_id, seen=last.id) as stream:
        assert stream.answer.status_code == 204
    other.stop()


def test_an_idle_stream_shows_that_it_lives_and_has_an_end(start_live: StartLive, ada: Member) -> None:
    brief = start_live(LIVE_HEARTBEAT_SECONDS="1", LIVE_STREAM_SECONDS="2")
    with watch(brief, ada, send(ada, "a")) as stream:
        assert stream.read() is not None
        began = time.monotonic()
        assert stream.read_comment() == ": nothing new"
        assert stream.read() is None
        assert time.monotonic() - began < AT_ONCE_SECONDS
    brief.stop()


def test_without_redis_the_rows_are_looked_at(start_live: StartLive, ada: Member) -> None:
    alone = start_live(
        REDIS_URL=f"redis://127.0.0.1:{find_free_port()}/0", LIVE_POLL_SECONDS="1", LIVE_HEARTBEAT_SECONDS="60"
    )
    with watch(alone, ada, send(ada, "a")) as stream:
        stream.read()
        end_rows(ada)
        last = stream.read()
        assert last is not None
        assert last.name == "end"
    alone.stop()


def test_a_subscription_that_is_cut_is_made_again(live: RunningService, ada: Member, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as broker, watch(live, ada, send(ada, "a", "b")) as stream:
        stream.read()
        broker.client_kill_filter(_type="pubsub")
        end_rows(ada)
        last = stream.read()
        assert last is not None
        assert last.name == "end"


def test_refusals_have_the_form_of_every_other(live: RunningService, ada: Member) -> None:
    batch_id = send(ada, "a")
    cleo = make_member("south", "cleo")
    searcher = make_member("north", "ben", scopes=("search",))
    refused = {
        "another workspace's": ask(live, batch_id, cleo.key),
        "unknown": ask(live, uuid4(), ada.key),
        "malformed": ask(live, "b'1", ada.key),
        "no key": ask(live, batch_id),
        "wrong key": ask(live, batch_id, f"{ada.key}0"),
        "wrong scope": ask(live, batch_id, searcher.key),
        "wrong workspace": ask(live, batch_id, ada.key, params={"workspace": "south"}),
        "wrong method": ask(live, batch_id, ada.key, method="POST"),
        "wrong address": httpx2.get(f"{live.url}/api/search/memories?q=x", trust_env=False),
    }
    assert {name: (answer.status_code, answer.json()["code"]) for name, answer in refused.items()} == {
        "another workspace's": (404, "not_found"),
        "unknown": (404, "not_found"),
        "malformed": (404, "not_found"),
        "no key": (401, "unauthenticated"),
        "wrong key": (401, "unauthenticated"),
        "wrong scope": (403, "forbidden"),
        "wrong workspace": (404, "workspace_not_found"),
        "wrong method": (405, "method_not_allowed"),
        "wrong address": (404, "not_found"),
    }
    assert all("detail" in answer.json() and answer.headers["X-Request-Id"] for answer in refused.values())


def test_a_key_holds_so_many_streams_and_no_more(start_live: StartLive, ada: Member) -> None:
    strict = start_live(LIVE_STREAMS_PER_KEY="2", LIVE_HEARTBEAT_SECONDS="1")
    batch_id = send(ada, "a")
    ben = make_member("north", "ben")
    with watch(strict, ada, batch_id) as first, watch(strict, ada, batch_id) as second:
        assert first.read() == second.read()
        refused = ask(strict, batch_id, ada.key)
        assert (refused.status_code, refused.json()["code"], refused.json()["limit"]) == (429, "throttled", 2)
        assert int(refused.headers["Retry-After"]) > 0
        with watch(strict, ben, batch_id) as another:
            assert another.read() is not None
    with watch(strict, ada, batch_id) as again:
        assert again.answer.status_code == 200
    strict.stop()


def test_open_streams_hold_no_connection_of_their_own(live: RunningService, ada: Member) -> None:
    batch_id = send(ada, "a")
    with (
        httpx2.Client(timeout=30, trust_env=False, headers={"Authorization": f"Bearer {ada.key}"}) as client,
        psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner,
    ):
        before = _count_connections(owner)
        streams = [_open(client, f"{live.url}/api/ingest/batches/{batch_id}/events") for _ in range(15)]
        assert all(stream.read() is not None for stream in streams)
        assert _count_connections(owner) - before <= 4
        for stream in streams:
            stream.answer.close()


def test_sigterm_ends_the_streams_in_good_order(start_live: StartLive, ada: Member) -> None:
    going = start_live(**IDLE)
    with watch(going, ada, send(ada, "a")) as stream:
        assert stream.read() is not None
        began = time.monotonic()
        going.stop(timeout=15)
        assert stream.read() is None  # a connection that is cut would raise
        assert time.monotonic() - began < AT_ONCE_SECONDS
    assert going.process.returncode == 0


def test_the_web_process_says_where_the_events_are(ada: Member, cleo: Member, settings: Any) -> None:
    answer = send_chunks(ada, make_chunk("a"))
    path = f"/api/ingest/batches/{answer['batchId']}/events"
    assert answer["eventsUrl"] == path
    settings.LIVE_URL = "https://live.example.org/"
    misdirected = ada.api.get(path)
    assert (misdirected.status_code, misdirected.json()["code"]) == (421, "misdirected")
    absolute = f"https://live.example.org{path}"
    assert misdirected.json()["eventsUrl"] == ada.api.get(answer["statusUrl"]).json()["eventsUrl"] == absolute
    assert cleo.api.get(path).status_code == 404


def _open(client: httpx2.Client, url: str) -> Stream:
    return Stream(client.send(client.build_request("GET", url), stream=True))


def _count_connections(owner: psycopg.Connection) -> int:
    row = owner.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'supastate_app'").fetchone()
    assert row is not None
    return int(row[0])
