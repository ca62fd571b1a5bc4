"""Postgres stopped and started under running processes: 503 meanwhile, and nothing to be done afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import pytest

from supastate.local.service import LOOPBACK
from tests.faults.cluster import Cluster, wait_until
from tests.faults.oracle import Client
from tests.live.conftest import answers
from tests.live.test_events import Stream

pytestmark = [pytest.mark.faults, pytest.mark.quick]


@pytest.fixture
def live_url(cluster: Cluster) -> Iterator[str]:
    """The live process of the installation."""
    url = f"http://{LOOPBACK}:{cluster.environment['LIVE_PORT']}"
    cluster.start_process("live", LIVE_HEARTBEAT_SECONDS="1")
    wait_until(lambda: answers(url), within=30, what="the live process")
    yield url
    cluster.terminate("live")


def sign_in(cluster: Cluster, browser: httpx2.Client) -> None:
    """Sign in to Studio."""
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/studio/login/").text)
    assert token is not None
    form = {
        "csrfmiddlewaretoken": token[1],
        "username": cluster.state.get("SUPASTATE_STUDIO_USER"),
        "password": cluster.state.get("SUPASTATE_STUDIO_PASSWORD"),
    }
    answer = browser.post("/studio/login/", data=form, headers={"Referer": str(browser.base_url)})
    assert answer.headers["Location"] == "/studio/"


def test_without_postgres_everything_is_503_and_heals_by_itself(
    cluster: Cluster, client: Client, live_url: str
) -> None:
    with ExitStack() as stack:
        api, browser = (stack.enter_context(cluster.make_api()) for _ in range(2))
        sign_in(cluster, browser)
        body = {"sessionId": client.session, "chunks": client.make_chunks(1)}
        cluster.terminate("dispatcher")  # so that the batch stays as it is
        accepted = api.post("/api/ingest/memory", json=body).json()
        events = f"{live_url}/api/ingest/batches/{accepted['batchId']}/events"
        stream = Stream(stack.enter_context(api.stream("GET", events)))
        assert stream.read() is not None

        cluster.end_postgres_at_once()
        for refused in (
            api.post("/api/ingest/memory", json=body),
            api.get(accepted["statusUrl"]),
            api.get("/api/metrics"),
            api.get(events),
        ):
            assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
            assert refused.headers["Retry-After"] == "5"
        ready = api.get("/api/health/ready")
        assert (ready.status_code, ready.json()["code"], ready.headers["Retry-After"]) == (503, "not_ready", "5")
        assert ready.json()["checks"]["database"] == "Postgres does not answer."
        assert api.get("/api/health/live").status_code == 200
        for page in (browser.get("/studio/"), browser.get("/studio/dead-letters/")):
            assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
            assert "The database is away for now" in page.text
        assert stream.read_comment() == ": nothing new"

        cluster.start_postgres()
        assert api.post("/api/ingest/memory", json=body).json()["duplicate"] == 1
        assert api.get("/api/health/ready").status_code == 200
        assert browser.get("/studio/").status_code == 200
        assert stream.read_comment() == ": nothing new"
    assert "Traceback" not in cluster.state.find_log("web").read_text()
