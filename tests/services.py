"""Real services for the tests: a pytest plugin that starts them before Django's settings are read.

Loaded by `-p tests.services`. Postgres, Redis and FalkorDB run for every session, in a second together;
Neo4j takes longer and starts in the background when a collected test asks for it. Everything lives in a
temporary folder on free ports, and is stopped however the session ends. A service that this machine lacks
skips the tests that need it, and fails them where `CI` is set.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

from supastate.errors import ConfigurationError
from supastate.local.falkordb import start_falkordb
from supastate.local.model import ensure_model
from supastate.local.neo4j import start_neo4j
from supastate.local.postgres import start_postgres
from supastate.local.redis import start_redis
from supastate.local.service import RunningService, find_free_port
from supastate.workspaces.provisioning import SUPERUSER_VARIABLE, provision


@dataclass
class _Services:
    """What runs, and for what does not run the sentence that says why."""

    folder: Path
    stack: ExitStack
    neo4j_port: int = field(default_factory=find_free_port)
    neo4j_password: str = field(default_factory=lambda: secrets.token_hex(8), repr=False)
    missing: dict[str, str] = field(default_factory=dict)
    neo4j: Future[RunningService] | None = None

    @property
    def neo4j_url(self) -> str:
        return f"bolt://neo4j:{self.neo4j_password}@127.0.0.1:{self.neo4j_port}"

    def start(self) -> None:
        """Start what every session needs and put its URLs into the environment."""
        os.environ.update(self._provision(self._start_postgres(self.folder / "postgres")))
        os.environ.update(
            REDIS_URL=self._start_or_note("Redis", lambda: self._start_redis().url),
            GRAPH_URL=self._start_or_note("FalkorDB", lambda: self._start_falkordb().url),
            EMBEDDING_MODEL_DIR=self._start_or_note("model", lambda: str(ensure_model())),
            EMBEDDING_PROVIDER="local",
            TEST_NEO4J_URL=self.neo4j_url,
            SUPASTATE_ENVIRONMENT="test",
            ACCESS_LOG_SECONDS="0",
            SUPASTATE_SECRET_KEY=secrets.token_urlsafe(48),
        )
        os.environ.pop("OPENAI_API_KEY", None)  # no test ever makes a paid call

    def start_neo4j_in_background(self) -> None:
        pool = ThreadPoolExecutor(1)
        self.stack.callback(pool.shutdown)
        self.neo4j = pool.submit(self._start_neo4j)

    def require(self, name: str) -> None:
        if name in self.missing:
            skip_or_fail(self.missing[name])

    def require_neo4j(self) -> str:
        assert self.neo4j is not None, "a test that uses neo4j_url was not seen at collection"
        try:
            return self.neo4j.result().url
        except ConfigurationError as exc:
            skip_or_fail(exc.detail)

    def _start_or_note(self, name: str, start: Callable[[], str]) -> str:
        try:
            return start()
        except ConfigurationError as exc:
            self.missing[name] = exc.detail
            return ""

    def _provision(self, postgres: RunningService) -> dict[str, str]:
        urls = provision(postgres.url, database="supastate")
        return urls.as_environment() | {SUPERUSER_VARIABLE: postgres.url}

    def _start_postgres(self, folder: Path) -> RunningService:
        return self._keep(start_postgres(data_dir=folder, log_path=self._log("postgres"), durable=False))

    def _start_redis(self) -> RunningService:
        return self._keep(
            start_redis(data_dir=self.folder / "redis", port=find_free_port(), log_path=self._log("redis"))
        )

    def _start_falkordb(self) -> RunningService:
        folder = self.folder / "falkordb"
        return self._keep(start_falkordb(data_dir=folder, port=find_free_port(), log_path=self._log("falkordb")))

    def _start_neo4j(self) -> RunningService:
        return self._keep(
            start_neo4j(
                data_dir=self.folder / "neo4j",
                port=self.neo4j_port,
                log_path=self._log("neo4j"),
                password=self.neo4j_password,
            )
        )

    def _keep(self, service: RunningService) -> RunningService:
        """Stop it at the end; by force soon, since its files are thrown away."""
        self.stack.callback(service.stop, timeout=3)
        return service

    def _log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"


_SERVICES = pytest.StashKey[_Services]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """A wrapper runs before pytest-django, which reads the settings in this hook."""
    folder = Path(tempfile.mkdtemp(prefix="supastate-tests-"))
    folder.chmod(0o711)  # under root, Postgres runs as another user
    stack = ExitStack()
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    early_config.add_cleanup(stack.close)
    services = _Services(folder, stack)
    try:
        services.start()
    except ConfigurationError as exc:
        pytest.exit(exc.detail, returncode=pytest.ExitCode.USAGE_ERROR)
    early_config.stash[_SERVICES] = services
    return (yield)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let Neo4j start while the first tests run, if one of them needs it."""
    if session.config.option.collectonly:
        return
    if any("neo4j_url" in getattr(item, "fixturenames", ()) for item in session.items):
        session.config.stash[_SERVICES].start_neo4j_in_background()


@pytest.fixture(scope="session")
def neo4j_url(pytestconfig: pytest.Config) -> str:
    """Neo4j Community, running: `bolt://neo4j:password@127.0.0.1:port`."""
    return pytestconfig.stash[_SERVICES].require_neo4j()


@pytest.fixture(scope="session")
def falkordb_url(pytestconfig: pytest.Config) -> str:
    """FalkorDB, running: `falkor://127.0.0.1:port`."""
    pytestconfig.stash[_SERVICES].require("FalkorDB")
    return os.environ["GRAPH_URL"]


@pytest.fixture(scope="session")
def redis_url(pytestconfig: pytest.Config) -> str:
    """The broker, running: `redis://127.0.0.1:port/0`."""
    pytestconfig.stash[_SERVICES].require("Redis")
    return os.environ["REDIS_URL"]


@pytest.fixture(scope="session")
def embedding_model_dir(pytestconfig: pytest.Config) -> Path:
    """The folder of the local embedding model."""
    pytestconfig.stash[_SERVICES].require("model")
    return Path(os.environ["EMBEDDING_MODEL_DIR"])


@pytest.fixture(scope="session")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningService, None, None]:
    """A second Postgres, for tests that change roles or stop the server."""
    folder = tmp_path_factory.mktemp("own-postgres")
    postgres = start_postgres(data_dir=folder, log_path=folder / "postgres.log", durable=False)
    yield postgres
    postgres.stop()


def skip_or_fail(reason: str) -> NoReturn:
    """Skip for want of a service; fail where `CI` is set."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
