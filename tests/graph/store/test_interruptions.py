"""Writes that are cut off, overtaken, forked or left without a server."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import cast
from uuid import UUID, uuid4

import pytest

from graph.elements import EdgeType
from graph.store import GraphStore, connect, falkordb_backend, neo4j_backend
from graph.store.backend import Backend
from graph.store.cypher_store import CypherStore
from graph.store.falkordb_backend import FalkorBackend
from graph.store.model import FileGraph, LinkScope, StaleEpoch, Written
from supastate.errors import ConfigurationError, PermanentError, TransientError
from tests.graph.store.cast import (
    APP_GRAPH,
    FILES,
    LIB_GRAPH,
    LOAD,
    MAIN,
    MEMORY,
    MENTION,
    PARSE,
    PROJECT,
    REQUESTS,
    SERVE,
    without,
)
from tests.graph.store.conftest import MakeBackend
from tests.graph.store.faults import CutOffError, Interrupted, cut_off

SHORT_APP = without(APP_GRAPH, MAIN)
BURIED = replace(SHORT_APP, nodes=(*SHORT_APP.nodes, replace(MAIN, deleted_at=1)))
CHANGED = (BURIED, without(LIB_GRAPH, PARSE, REQUESTS))
MAX_STATEMENTS = 30
FOREVER = (
    "UNWIND range(1, 99999) AS a UNWIND range(1, 99999) AS b WITH a + b AS c WHERE c < 0 RETURN count(c) AS n"
)


def fill(store: GraphStore, workspace_id: UUID) -> None:
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=FILES)
    scope = LinkScope(sources=[MEMORY.uid], types=[EdgeType.MENTIONS])
    store.write_links(workspace_id, project=PROJECT, epoch=1, nodes=[MEMORY], edges=[MENTION], scope=scope)


def change(store: GraphStore, workspace_id: UUID) -> object:
    return store.write_files(workspace_id, project=PROJECT, epoch=1, files=CHANGED)


def test_a_write_cut_off_anywhere_is_finished_by_running_it_again(
    store: CypherStore, backend: Backend, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    fill(store, other_workspace_id)
    change(store, other_workspace_id)
    wanted = store.checksum(other_workspace_id, project=PROJECT)
    for at in range(MAX_STATEMENTS):
        store.delete_workspace(workspace_id)
        fill(store, workspace_id)
        try:
            change(CypherStore(cast("Backend", Interrupted(backend, at, cut_off))), workspace_id)
        except CutOffError:
            change(store, workspace_id)
            assert store.checksum(workspace_id, project=PROJECT) == wanted, f"cut off at statement {at}"
        else:
            break
    assert 8 <= at < MAX_STATEMENTS, "every statement of the write had its turn"


def test_a_writer_overtaken_anywhere_is_told_and_does_no_harm(falkordb_url: str) -> None:
    """In FalkorDB: Neo4j's transaction holds the project's node, so that nobody can come between."""
    backend = FalkorBackend(falkordb_url)
    store = CypherStore(backend)
    workspace_id, other_workspace_id = uuid4(), uuid4()

    def overtake() -> None:
        store.write_files(workspace_id, project=PROJECT, epoch=2, files=FILES)

    store.write_files(other_workspace_id, project=PROJECT, epoch=2, files=FILES)
    wanted = store.checksum(other_workspace_id, project=PROJECT)
    for at in range(MAX_STATEMENTS):
        store.delete_workspace(workspace_id)
        interrupted = Interrupted(backend, at, overtake)
        outcome = change(CypherStore(cast("Backend", interrupted)), workspace_id)
        if interrupted.statements <= at:
            break
        assert outcome == StaleEpoch(1), f"overtaken at statement {at}"
        assert store.checksum(workspace_id, project=PROJECT) == wanted
    assert 6 <= at < MAX_STATEMENTS, "every statement of the write had its turn"
    for each in (workspace_id, other_workspace_id):
        store.delete_workspace(each)
    store.close()


def test_of_two_writers_at_once_the_newer_epoch_wins(
    store: CypherStore, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    store.write_files(other_workspace_id, project=PROJECT, epoch=2, files=CHANGED)
    wanted = store.checksum(other_workspace_id, project=PROJECT)
    outcomes: dict[int, object] = {}

    def write(epoch: int, files: tuple[FileGraph, ...]) -> None:
        outcomes[epoch] = store.write_files(workspace_id, project=PROJECT, epoch=epoch, files=files)

    store.prepare_workspace(workspace_id)
    threads = [threading.Thread(target=write, args=job) for job in ((1, FILES), (2, CHANGED))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert isinstance(outcomes[2], Written)
    assert isinstance(outcomes[1], Written | StaleEpoch)
    assert store.checksum(workspace_id, project=PROJECT) == wanted


def test_preparing_twice_does_no_harm(store: CypherStore, workspace_id: UUID) -> None:
    for _ in range(2):
        store.prepare()
        store.prepare_workspace(workspace_id)
    fill(store, workspace_id)
    assert store.entity(workspace_id, LOAD.uid) is not None


def test_a_read_cannot_write(backend: Backend, workspace_id: UUID) -> None:
    CypherStore(backend).prepare_workspace(workspace_id)
    with pytest.raises(PermanentError) as refused:
        backend.read(workspace_id, "CREATE (n:Entity {workspace: $workspace, uid: 'x'}) RETURN n.uid AS uid")
    assert refused.value.error_code == "graph_refused"
    assert CypherStore(backend).entity(workspace_id, "x") is None


def test_a_read_that_takes_too_long_is_ended(
    backend: Backend, workspace_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (neo4j_backend, falkordb_backend):
        monkeypatch.setattr(module, "READ_SECONDS", 1)
    CypherStore(backend).prepare_workspace(workspace_id)
    with pytest.raises(TransientError) as late:
        backend.read(workspace_id, FOREVER)
    assert late.value.error_code == "graph_timeout"
    assert late.value.counts_as_attempt


def test_a_forked_child_and_its_parent_both_go_on(store: CypherStore, workspace_id: UUID) -> None:
    fill(store, workspace_id)
    child = os.fork()
    if child == 0:
        try:
            outcome = store.write_files(workspace_id, project=PROJECT, epoch=1, files=[FileGraph("src/app.py")])
            os._exit(0 if outcome == Written(removed=3) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.entity(workspace_id, SERVE.uid) is None
    assert store.entity(workspace_id, LOAD.uid) is not None


def test_a_closed_store_opens_again(make_backend: MakeBackend, workspace_id: UUID) -> None:
    store = CypherStore(make_backend())
    store.close()
    store.ping()
    store.close()
    assert store.entity(workspace_id, LOAD.uid) is None
    store.close()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where connections are taken and nothing is ever answered."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize("scheme", ["bolt://neo4j:secret", "falkor://:secret"])
@pytest.mark.parametrize("port", ["silent_port", "closed_port"])
def test_a_store_that_is_away_is_a_transient_error_within_seconds(
    request: pytest.FixtureRequest, scheme: str, port: str
) -> None:
    store = connect(f"{scheme}@127.0.0.1:{request.getfixturevalue(port)}")
    workspace_id = UUID(int=1)
    started = time.monotonic()
    with pytest.raises(TransientError) as away:
        store.write_files(workspace_id, project=PROJECT, epoch=1, files=FILES)
    assert time.monotonic() - started < 7
    assert away.value.error_code == "graph_unavailable"
    assert not away.value.counts_as_attempt
    assert "secret" not in away.value.detail
    store.close()


def test_wrong_credentials_are_an_outage_and_not_the_items_fault(neo4j_url: str) -> None:
    store = connect(neo4j_url.replace("@", "-not-the-password@"))
    with pytest.raises(TransientError) as away:
        store.ping()
    assert away.value.error_code == "graph_unavailable"
    store.close()


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        connect("http://127.0.0.1:7474")
