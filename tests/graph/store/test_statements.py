"""Every Cypher statement is planned by the real server: through an index, never over other tenants' nodes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from graph import cypher
from graph.elements import EdgeType, NodeLabel
from graph.store.backend import Backend, Dialect
from graph.store.cypher_store import CypherStore
from graph.store.rows import owner_key
from tests.graph.store.cast import FILES, LOAD, PROJECT

FOLDER = Path(cypher.__file__).parent
SCHEMA = {
    "create_uid_constraint",
    "create_uid_index",
    "create_file_index",
    "await_indexes",
    "indexed_properties",
    "constraint_status",
    "ping",
    "probe_write",
}
NAMES = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.cypher"))
PLANNED = [name for name in NAMES if name.rpartition("/")[2] not in SCHEMA]
FENCED = [name for name in NAMES if "coalesce(p.epoch, 0) <= $epoch" in cypher.read_statement(name)]
PARAMETERS: dict[str, Any] = {
    "project": PROJECT,
    "epoch": 1,
    "limit": 10,
    "now": 1,
    "after": "",
    "uid": "u",
    "uids": ["u"],
    "seen": ["u"],
    "owners": ["o"],
    "labels": ["File"],
    "types": ["CALLS"],
    "projects": [PROJECT],
    "owner": "o",
    "line": 1,
    "offset": 0,
    "pairs": [["u", "v"]],
    "query": "",
    "kind": None,
    "path": None,
    "afterRank": -1,
    "afterName": "",
    "afterUid": "",
    "ids": [],
    "rows": [{"uid": "u", "source": "u", "target": "v", "properties": {"uid": "u"}}],
}
# A graph of FalkorDB is one workspace: a search over all its projects may look at all its nodes.
WHOLE_WORKSPACE = {("falkordb", "find_entities")}


def texts(name: str) -> list[str]:
    """The statement, once for each label or type if it is a template."""
    text = cypher.read_statement(name)
    if "NodeLabel" in text:
        return list(cypher.read_for_labels(name).values())
    return list(cypher.read_for_types(name).values()) if "EdgeType" in text else [text]


def explain(backend: Any, workspace_id: UUID, text: str) -> list[str]:
    """Return the names of the plan's operators."""
    parameters = {**PARAMETERS, "workspace": str(workspace_id), "workspaceLabel": "ws_0"}
    if backend.dialect is Dialect.FALKORDB:
        return str(backend._graph(workspace_id).explain(text, parameters)).splitlines()
    with backend._driver.get().session() as session:
        plan = session.run(f"EXPLAIN {text}", parameters).consume().plan
    return operators(plan)


def operators(plan: dict[str, Any]) -> list[str]:
    below = [name for child in plan.get("children", []) for name in operators(child)]
    return [plan["operatorType"], *below]


@pytest.mark.parametrize("name", PLANNED)
def test_a_statement_is_planned_through_an_index(backend: Backend, workspace_id: UUID, name: str) -> None:
    folder = name.rpartition("/")[0]
    if folder not in ("", backend.dialect):
        return  # the other store's own
    CypherStore(backend).write_files(workspace_id, project=PROJECT, epoch=1, files=FILES)
    for text in texts(name):
        plan = explain(backend, workspace_id, text)
        if (backend.dialect, name) not in WHOLE_WORKSPACE:
            assert not [step for step in plan if "Scan" in step and "Index" not in step], f"{name}: {plan}"
            assert any("Index" in step or "Id" in step for step in plan), f"{name}: {plan}"


@pytest.mark.parametrize("name", FENCED)
def test_a_fenced_statement_of_a_stale_writer_changes_nothing(
    backend: Backend, workspace_id: UUID, name: str
) -> None:
    if name.rpartition("/")[0] not in ("", backend.dialect):
        return  # the other store's own
    store = CypherStore(backend)
    store.write_files(workspace_id, project=PROJECT, epoch=5, files=FILES)
    before = store.checksum(workspace_id, project=PROJECT)
    known = {"uids": [LOAD.uid], "owners": [owner_key("src/lib.py")], "types": sorted(EdgeType)}
    rows = [{"uid": "new", "source": LOAD.uid, "target": LOAD.uid, "properties": {"uid": "new"}}]
    parameters = {**PARAMETERS, **known, "rows": rows, "epoch": 4}
    for text in texts(name):
        backend.write(workspace_id, lambda run, text=text: run(text, **parameters))  # type: ignore[misc]
    assert store.checksum(workspace_id, project=PROJECT) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_is_headed_by_what_it_takes_and_gives(name: str) -> None:
    head = (FOLDER / f"{name}.cypher").read_text().partition("\n\n")[0]
    comment = [line for line in head.splitlines() if line.startswith("//")]
    assert comment, name
    assert "arameters" in " ".join(comment)
    assert "esult" in " ".join(comment)


def test_every_statement_that_writes_under_an_epoch_is_fenced() -> None:
    writing = {"SET ", "DELETE ", "MERGE "}
    unfenced = [name for name in PLANNED if any(word in cypher.read_statement(name) for word in writing)]
    assert set(unfenced) - set(FENCED) == {"delete_project", "neo4j/delete_workspace"}


def test_a_template_is_read_once_for_each_member_of_its_vocabulary() -> None:
    nodes = cypher.read_for_labels("neo4j/write_nodes")
    assert set(nodes) == set(NodeLabel)
    assert "MERGE (n:Entity:Class {workspace: $workspace, uid: row.uid})" in nodes[NodeLabel.CLASS]
    edges = cypher.read_for_types("write_edges")
    assert set(edges) == set(EdgeType)
    assert "MERGE (a)-[r:CALLS]->(b)" in edges[EdgeType.CALLS]
    assert all("NodeLabel" not in text and "EdgeType" not in text for text in [*nodes.values(), *edges.values()])
