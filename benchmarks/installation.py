"""A whole installation for a benchmark: every service and process, on free ports in a temporary folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psycopg
from rich.console import Console

from supastate.local.service import find_free_port
from supastate.local.state import open_state
from supastate.local.up import start_installation
from supastate.workspaces.provisioning import ROLE_VARIABLES, SUPERUSER_VARIABLE

PORT_VARIABLES = ("SUPASTATE_PORT", "LIVE_PORT", "FLOWER_PORT")
SERVICE_VARIABLES = (*ROLE_VARIABLES.values(), SUPERUSER_VARIABLE, "REDIS_URL", "GRAPH_URL", "EMBEDDING_PROVIDER")


@dataclass(frozen=True)
class Running:
    """What a benchmark is given: a client with a key, and the environment of the processes."""

    api: httpx2.Client
    environment: Mapping[str, str] = field(repr=False)

    def connect_as_owner(self) -> psycopg.Connection:
        """A connection that sees every row, for counting beside the measured path."""
        return psycopg.connect(self.environment["DATABASE_OWNER_URL"], autocommit=True)

    def connect_as_app(self) -> psycopg.Connection:
        """A connection as the web process has it."""
        return psycopg.connect(self.environment["DATABASE_URL"])


@contextmanager
def run_installation(settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Start everything as `make up` does, with none of the services that this shell may name."""
    with ExitStack() as stack:
        stack.callback(_restore_environment, dict(os.environ))
        for name in SERVICE_VARIABLES:
            os.environ.pop(name, None)
        os.environ.update({name: str(find_free_port()) for name in PORT_VARIABLES})
        os.environ.update(settings or {})
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="supastate-bench-")))
        folder.chmod(0o711)  # under root, Postgres runs as another user
        state = stack.enter_context(open_state(folder / "var"))
        started = start_installation(state, stack, graph="falkordb", console=Console(quiet=True))
        headers = {"Authorization": f"Bearer {state.get('SUPASTATE_API_KEY')}"}
        limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
        client = httpx2.Client(
            base_url=started.processes.url, headers=headers, timeout=60, limits=limits, trust_env=False
        )
        yield Running(stack.enter_context(client), started.environment)


def _restore_environment(variables: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)
