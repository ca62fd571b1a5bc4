"""The live process as it is started by `make up`, on the services of the tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2
import pytest

from supastate.local.processes import list_commands
from supastate.local.service import LOOPBACK, RunningService, find_free_port, start_service

ROOT = Path(__file__).parents[2]
StartLive = Callable[..., RunningService]


def answers(url: str) -> bool:
    """Whether the process at `url` is alive."""
    with suppress(httpx2.TransportError):
        return httpx2.get(f"{url}/api/health/live", timeout=2, trust_env=False).status_code == 200
    return False


@pytest.fixture(scope="module")
def start_live(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[StartLive]:
    """Start a live process with settings of its own; stopped after the module."""
    with ExitStack() as stack:

        def start(**settings: str) -> RunningService:
            port = str(find_free_port())
            environment = os.environ | {"SUPASTATE_PORT": "0", "LIVE_PORT": port, "FLOWER_PORT": "0"} | settings
            url = f"http://{LOOPBACK}:{port}"
            service = start_service(
                name="live",
                url=url,
                command=list_commands(environment)["live"],
                is_healthy=lambda: answers(url),
                log_path=tmp_path_factory.mktemp("live") / "live.log",
                working_directory=ROOT,
                environment=environment,
            )
            stack.callback(service.stop, timeout=15)
            return service

        yield start
