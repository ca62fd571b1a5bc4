"""Both stores, each on its real server, behind the one protocol; every test has workspaces of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest

from graph.store.backend import Backend
from graph.store.cypher_store import CypherStore
from graph.store.falkordb_backend import FalkorBackend
from graph.store.neo4j_backend import Neo4jBackend

MakeBackend = Callable[[], Backend]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name the service that a parameter stands for, so that it is started in time."""
    for item in items:
        if isinstance(item, pytest.Function) and "make_backend" in item.fixturenames:
            url = f"{item.callspec.params['make_backend']}_url"
            item.fixturenames = [*item.fixturenames, url]


@pytest.fixture(scope="module", params=["neo4j", "falkordb"])
def make_backend(request: pytest.FixtureRequest) -> MakeBackend:
    """A new client of the real server."""
    url = request.getfixturevalue(f"{request.param}_url")
    kinds: dict[str, Callable[[str], Backend]] = {"neo4j": Neo4jBackend, "falkordb": FalkorBackend}
    return lambda: kinds[request.param](url)


@pytest.fixture(scope="module")
def backend(make_backend: MakeBackend) -> Iterator[Backend]:
    made = make_backend()
    yield made
    made.close()


@pytest.fixture
def store(backend: Backend) -> CypherStore:
    return CypherStore(backend)


@pytest.fixture
def workspace_id(store: CypherStore) -> Iterator[UUID]:
    made = uuid4()
    yield made
    store.delete_workspace(made)


@pytest.fixture
def other_workspace_id(store: CypherStore) -> Iterator[UUID]:
    made = uuid4()
    yield made
    store.delete_workspace(made)


@pytest.fixture
def now() -> int:
    """Epoch milliseconds at the start of the test."""
    return time.time_ns() // 1_000_000
