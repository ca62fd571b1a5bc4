"""A whole installation whose every process can be killed, stopped, frozen and started again by itself.

Each process is started by the command that `make up` uses, in a session of its own, watched by a process that
ends it when the tests die. Everything lives in a temporary folder on free ports.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2
import psycopg
import redis

from supastate.local.falkordb import start_falkordb
from supastate.local.model import ensure_model
from supastate.local.neo4j import start_neo4j
from supastate.local.postgres import start_postgres
from supastate.local.preparation import ensure_workspace, migrate
from supastate.local.processes import list_commands
from supastate.local.redis import start_redis
from supastate.local.service import LOOPBACK, RunningService, find_free_port, read_last_lines, start_service
from supastate.local.state import LocalState
from supastate.workspaces.provisioning import provision

ROOT = Path(__file__).parents[2]
POLL_SECONDS = 0.05
# Neo4j's first writes take seconds on a busy machine.
LEASE_SECONDS_OF = {"falkordb": 6, "neo4j": 20}
_SETTINGS = {
    "SUPASTATE_ENVIRONMENT": "test",  # where a lease may be shorter than a task
    "EMBEDDING_PROVIDER": "openai",
    "OPENAI_API_KEY": "sk-fake",
    "EMBEDDING_DIMENSIONS": "64",
    "PROVIDER_REQUESTS_PER_MINUTE": "100000",
    "PROVIDER_TOKENS_PER_MINUTE": "100000000",
    "WORKSPACE_REQUESTS_PER_MINUTE": "100000",
    "QUEUE_BACKOFF_CAP_SECONDS": "1",
    "PROVIDER_TIMEOUT_SECONDS": "2",
    "PROVIDER_PAUSE_SECONDS": "3",
    "PATTERN_DEBOUNCE_SECONDS": "0",
    "REMAP_SIGTERM": "SIGQUIT",  # as `make up` has it: a soft shutdown
    "PYTHONUNBUFFERED": "1",
}
PROCESSES = ("web", "dispatcher", "worker")


def wait_until(reached: Callable[[], bool], *, within: float, what: str) -> float:
    """Poll until `reached`; the seconds it took. Fails, naming `what`, past `within` seconds."""
    began = time.monotonic()
    while not reached():
        assert time.monotonic() - began < within, f"{what}: not within {within} s"
        time.sleep(POLL_SECONDS)
    return time.monotonic() - began


def is_reached(reached: Callable[[], bool], *, within: float) -> bool:
    """Whether it comes true within so many seconds: for faults that recur until the work is done."""
    deadline = time.monotonic() + within
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


@dataclass
class Cluster:
    """Start with `start`; stopped by `stop`. `running` holds what runs, by name."""

    state: LocalState
    openai_url: str
    graph: str = "falkordb"
    running: dict[str, RunningService] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict, repr=False)

    def start(self) -> None:
        """Services, schema, workspace, processes."""
        self.start_postgres()
        databases = provision(self.running["postgres"].url, database="supastate").as_environment()
        self.start_redis()
        self.start_graph()
        self.environment = {
            **os.environ,
            **_SETTINGS,
            **databases,
            "QUEUE_LEASE_SECONDS": str(LEASE_SECONDS_OF[self.graph]),
            "REDIS_URL": self.running["redis"].url,
            "GRAPH_URL": self.running["graph"].url,
            "EMBEDDING_MODEL_DIR": str(ensure_model()),
            "OPENAI_BASE_URL": self.openai_url,
            "SUPASTATE_SECRET_KEY": self.state.ensure_secret("SUPASTATE_SECRET_KEY"),
            "SUPASTATE_PORT": str(find_free_port()),
            "LIVE_PORT": str(find_free_port()),
            "FLOWER_PORT": str(find_free_port()),
        }
        migrate(ROOT, self.state, self.environment)
        ensure_workspace(ROOT, self.state, self.environment)
        self.ensure_running()

    def stop(self) -> None:
        """End whatever runs, the processes before the services, frozen or not."""
        services = ("postgres", "redis", "graph")
        with ExitStack() as stack:
            for name in sorted(self.running, key=lambda name: name not in services):
                stack.callback(partial(self.terminate, timeout=3) if name in services else self.kill, name)

    def ensure_running(self) -> None:
        """Start what a fault has ended, and let what it froze go on."""
        for name in self.running:
            self.thaw(name)
        starters = {"postgres": self.start_postgres, "redis": self.start_redis, "graph": self.start_graph}
        for name, start in starters.items():
            if not self.is_running(name):
                start()
        for name in PROCESSES:
            if not self.is_running(name):
                self.start_process(name)

    def is_running(self, name: str) -> bool:
        return name in self.running and self.running[name].process.poll() is None

    def start_postgres(self) -> None:
        folder = self.state.find_folder("postgres")
        # Its death is this suite's matter, the machine's is not: no fsync.
        service = start_postgres(data_dir=folder, log_path=self.state.find_log("postgres"), durable=False)
        self.running["postgres"] = service

    def start_redis(self) -> None:
        self.running["redis"] = start_redis(
            data_dir=self.state.find_folder("redis"),
            port=self.state.choose_port("REDIS_OF_FAULTS_PORT"),
            log_path=self.state.find_log("redis"),
        )

    def start_graph(self) -> None:
        start = start_neo4j if self.graph == "neo4j" else start_falkordb
        self.running["graph"] = start(
            data_dir=self.state.find_folder(self.graph),
            port=self.state.choose_port("GRAPH_OF_FAULTS_PORT"),
            log_path=self.state.find_log(self.graph),
            password=self.state.ensure_secret("GRAPH_PASSWORD"),
        )

    def wipe_graph(self) -> None:
        """An empty store in the place of the one that was lost, disk and all."""
        self.kill("graph")
        shutil.rmtree(self.state.find_folder(self.graph))
        self.start_graph()

    def start_process(self, name: str, *, as_name: str = "", **settings: str) -> None:
        """Start one of Supastate's processes, a second one under another name, with settings of its own."""
        environment = self.environment | settings
        known_as = as_name or name
        url = f"http://{LOOPBACK}:{environment['SUPASTATE_PORT']}"
        self.running[known_as] = start_service(
            name=known_as,
            url=url,
            command=list_commands(environment)[name],
            # The others say nothing when they are ready: their work shows.
            is_healthy=lambda: name != "web" or _answers(f"{url}/api/health/live"),
            log_path=self.state.find_log(known_as),
            working_directory=ROOT,
            environment=environment,
        )

    @contextmanager
    def reconfigured(self, *names: str, **settings: str) -> Iterator[None]:
        """Processes with settings of their own; afterwards `ensure_running` starts them as they were.

        They are killed: one that has anything in hand takes half a minute to end in an orderly way.
        """
        for name in names:
            self.kill(name)
            self.start_process(name, **settings)
        yield
        for name in names:
            self.kill(name)

    def manage(self, *command: str) -> str:
        """What `manage.py` prints, which must succeed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr[-2_000:]}"
        return done.stdout

    def kill(self, name: str) -> None:
        """SIGKILL a process with all its children; nothing of it is left."""
        service = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.stop()

    def terminate(self, name: str, *, timeout: float = 60) -> None:
        """Ask for the end, and wait for it."""
        self.running.pop(name).stop(timeout=timeout)

    def end_postgres_at_once(self) -> None:
        """An immediate shutdown: no checkpoint, every connection cut."""
        service = self.running.pop("postgres")
        service.process.send_signal(signal.SIGQUIT)
        service.stop()

    def freeze(self, name: str) -> None:
        os.killpg(self.running[name].process.pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.running[name].process.pid, signal.SIGCONT)

    def list_children(self, name: str = "worker") -> list[int]:
        """The ids of a worker's pool processes."""
        pid = self.running[name].process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def connect(self) -> psycopg.Connection:
        """As the owner, who sees every row."""
        return psycopg.connect(self.environment["DATABASE_OWNER_URL"], autocommit=True)

    def open_broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.environment["REDIS_URL"], socket_timeout=5)

    def make_api(self, key: str | None = None) -> httpx2.Client:
        """A client with this key, or else that of the workspace `demo`."""
        headers = {"Authorization": f"Bearer {key or self.state.get('SUPASTATE_API_KEY')}"}
        url = f"http://{LOOPBACK}:{self.environment['SUPASTATE_PORT']}"
        return httpx2.Client(base_url=url, headers=headers, timeout=10, trust_env=False)

    def read_log(self, name: str) -> str:
        return read_last_lines(self.state.find_log(name))


def _answers(url: str) -> bool:
    with suppress(httpx2.TransportError):
        return httpx2.get(url, timeout=2, trust_env=False).status_code == 200
    return False
