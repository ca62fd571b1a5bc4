"""The world in both stores; `ask` runs a query there as the reader of one project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import orjson
import pytest

from graph.connection import graph_store
from graph.query.rendering import describe_result
from graph.query.running import run_query
from graph.store import GraphStore, connect
from tests.graph.query import world

Ask = Callable[..., dict[str, Any]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name the service that a parameter stands for, so that it is started in time."""
    for item in items:
        if isinstance(item, pytest.Function) and "world_url" in item.fixturenames:
            url = f"{item.callspec.params['world_url']}_url"
            item.fixturenames = [*item.fixturenames, url]


@pytest.fixture(scope="session", params=["falkordb", "neo4j"])
def world_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A real server that holds the world, which no test changes."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    store = connect(url)
    world.fill(store)
    before = world.checksums(store)
    yield url
    after = world.checksums(store)
    world.empty(store)
    store.close()
    assert after == before, "a query has written"


@pytest.fixture
def store(world_url: str, settings: Any) -> GraphStore:
    """The store that queries are run on."""
    settings.GRAPH_URL = world_url
    return graph_store()


@pytest.fixture
def ask(store: GraphStore) -> Ask:
    """Run a query over what the reader may see, and refuse an answer that shows anything else."""

    def run(cypher: str, workspace_id: UUID = world.MINE, **parameters: Any) -> dict[str, Any]:
        result = run_query(workspace_id, cypher, parameters, projects=[world.PROJECT])
        body = describe_result(result, {world.PROJECT: "app"})
        shown = orjson.dumps(body).decode()
        for secret in (world.CANARY, world.PRIVATE, "ws_", "epoch", "Entity", str(world.MINE), str(world.THEIRS)):
            assert secret not in shown.replace(orjson.dumps(body["columns"]).decode(), ""), shown[:500]
        return body

    return run
