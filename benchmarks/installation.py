"""A whole installation for a benchmark: every service and process, on free ports in a temporary folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psycopg
from rich.console import Console

from benchmarks.harness import ROOT
from supastate.local.preparation import ensure_workspace, migrate
from supastate.local.processes import list_commands
from supastate.local.service import LOOPBACK, find_free_port, start_service
from supastate.local.services import start_services
from supastate.local.state import LocalState, open_state
from supastate.local.up import start_installation
from supastate.workspaces.provisioning import ROLE_VARIABLES, SUPERUSER_VARIABLE

PORT_VARIABLES = ("SUPASTATE_PORT", "LIVE_PORT", "FLOWER_PORT")
SERVICE_VARIABLES = (*ROLE_VARIABLES.values(), SUPERUSER_VARIABLE, "REDIS_URL", "GRAPH_URL", "EMBEDDING_PROVIDER")

_FIND_WORKSPACE = (Path(__file__).parent / "sql" / "find_workspace.sql").read_text()


@dataclass(frozen=True)
class Running:
    """What a benchmark is given: a client with a key, and the environment of the processes."""

    api: httpx2.Client
    environment: Mapping[str, str] = field(repr=False)

    def connect_as_owner(self) -> psycopg.Connection:
        """A connection that sees every row, for counting beside the measured path."""
        return psycopg.connect(self.environment["DATABASE_OWNER_URL"], autocommit=True)

    def connect_as_dispatcher(self) -> psycopg.Connection:
        """A connection as the dispatcher has it."""
        return psycopg.connect(self.environment["DATABASE_DISPATCH_URL"], autocommit=True)

    def find_workspace(self) -> str:
        """The id of the installation's first workspace."""
        with self.connect_as_owner() as connection:
            row = connection.execute(_FIND_WORKSPACE).fetchone()
        if row is None:
            raise RuntimeError("The installation has no workspace.")
        return str(row[0])

    def run_python(self, *arguments: str, text: str | None = None) -> Any:
        """Run Python in the installation's environment; returns the JSON of the last line that it writes."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "supastate.settings"},
            input=text,
            stdout=subprocess.PIPE,  # what it says on the way is shown
            text=True,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])

    def connect_as_app(self) -> psycopg.Connection:
        """A connection as the web process has it: parameters are bound on this side."""
        return psycopg.connect(self.environment["DATABASE_URL"], cursor_factory=psycopg.ClientCursor)


@contextmanager
def run_installation(settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Start everything as `make up` does, with none of the services that this shell may name."""
    with ExitStack() as stack:
        state = stack.enter_context(_open_temporary_state(stack, settings))
        started = start_installation(state, stack, graph="falkordb", console=Console(quiet=True))
        yield Running(stack.enter_context(_open_client(state, started.processes.url)), started.environment)


@contextmanager
def run_services() -> Iterator[str]:
    """Services and schema for what runs in this process, whose environment names them; yields the first key."""
    with ExitStack() as stack:
        state = stack.enter_context(_open_temporary_state(stack))
        os.environ.update(_prepare(state, stack))
        yield str(state.get("SUPASTATE_API_KEY"))


@contextmanager
def run_web_alone() -> Iterator[Running]:
    """Services, schema and the web process: nothing claims a row."""
    with ExitStack() as stack:
        state = stack.enter_context(_open_temporary_state(stack))
        environment = _prepare(state, stack)
        url = f"http://{LOOPBACK}:{environment['SUPASTATE_PORT']}"
        web = start_service(
            name="web",
            url=url,
            command=list_commands(environment)["web"],
            is_healthy=lambda: _answers(url),
            log_path=state.find_log("web"),
            working_directory=ROOT,
            environment=environment,
        )
        stack.callback(web.stop)
        yield Running(stack.enter_context(_open_client(state, url)), environment)


def _prepare(state: LocalState, stack: ExitStack) -> dict[str, str]:
    """Start the services, make schema and workspace, and return the environment of a process."""
    environment = {
        **os.environ,
        **start_services(state, stack, graph="falkordb"),
        "SUPASTATE_ENVIRONMENT": "local",
        "SUPASTATE_SECRET_KEY": state.ensure_secret("SUPASTATE_SECRET_KEY"),
        "METRICS_TOKEN": state.ensure_secret("METRICS_TOKEN"),
        "QUEUE_STALL_SECONDS": "86400",  # the rows wait for nobody
    }
    migrate(ROOT, state, environment)
    ensure_workspace(ROOT, state, environment)
    return environment


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/api/health/live", trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


def _open_temporary_state(
    stack: ExitStack, settings: Mapping[str, str] | None = None
) -> AbstractContextManager[LocalState]:
    """A temporary folder, free ports, and none of the services that this shell may name."""
    stack.callback(_restore_environment, dict(os.environ))
    for name in SERVICE_VARIABLES:
        os.environ.pop(name, None)
    os.environ.update({name: str(find_free_port()) for name in PORT_VARIABLES})
    os.environ.update(settings or {})
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="supastate-bench-")))
    folder.chmod(0o711)  # under root, Postgres runs as another user
    return open_state(folder / "var")


def _open_client(state: LocalState, url: str) -> httpx2.Client:
    headers = {"Authorization": f"Bearer {state.get('SUPASTATE_API_KEY')}"}
    limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
    return httpx2.Client(base_url=url, headers=headers, timeout=60, limits=limits, trust_env=False)


def _restore_environment(variables: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)
