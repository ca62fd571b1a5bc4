"""`POST /api/graph/query`: who may ask, what an answer looks like, and what each refusal says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from graph.connection import graph_store
from graph.query.turns import take_turn
from supastate.workspaces.keys import create_key
from supastate.workspaces.models import Project, Visibility
from tests.conftest import Member
from tests.graph.test_graph_api import FILES, fill

pytestmark = pytest.mark.usefixtures("falkordb_url")
ALL_NAMES = "MATCH (n) RETURN n.name AS name ORDER BY name"


@pytest.fixture
def app(ada: Member) -> Iterator[Project]:
    """Ada's shared project `app`, in the graph."""
    yield fill(ada, FILES, path="/home/ada/app")
    graph_store().delete_workspace(ada.workspace.pk)


def post(member: Member, cypher: Any, **body: Any) -> Any:
    return member.api.post("/api/graph/query", {"cypher": cypher, **body})


def ask(member: Member, cypher: str, **body: Any) -> dict[str, Any]:
    answer = post(member, cypher, **body)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_an_answer_has_columns_rows_and_whole_entities(ada: Member, app: Project) -> None:
    body = ask(
        ada,
        "MATCH p = (f:Function {name: $name})-[r:CALLS]->(g) RETURN f, r, p, f.name + '!', count(*) AS n",
        parameters={"name": "main"},
        workspace="north",
    )
    assert body["columns"] == ["f", "r", "p", "f.name + '!'", "n"]
    assert (body["truncated"], body["warnings"]) == (False, [])
    [[node, edge, path, text, count]] = body["rows"]
    typed = ada.api.get("/api/graph/entities", {"q": "main", "kind": "function"}).json()["results"][0]
    assert node == typed
    assert edge["type"] == "CALLS"
    assert (edge["source"], edge["target"]) == (node["uid"], path["nodes"][1]["uid"])
    assert edge["lines"] == [5]
    assert path == {"nodes": [node, path["nodes"][1]], "relationships": [edge]}
    assert (text, count) == ("main!", 1)


def test_a_private_project_is_its_authors_alone(ada: Member, ben: Member, app: Project) -> None:
    fill(ada, {"secret.py": "def secret(): pass\n"}, path="/home/ada/app", visibility=Visibility.PRIVATE)
    assert ["secret"] in ask(ada, ALL_NAMES)["rows"]
    assert ["secret"] not in ask(ben, ALL_NAMES)["rows"]
    assert ask(ben, "MATCH (n {name: 'secret'}) RETURN count(n)")["rows"] == [[0]]


def test_nobody_asks_another_workspace(ada: Member, cleo: Member, app: Project) -> None:
    assert ask(cleo, ALL_NAMES)["rows"] == [], "a workspace without a graph has no rows"
    fill(cleo, {"own.py": "def own(): pass\n"}, path="/home/cleo/own")
    try:
        assert ask(cleo, "MATCH (n:Function) RETURN n.name")["rows"] == [["own"]]
        assert ["own"] not in ask(ada, ALL_NAMES)["rows"]
        for place in ({"workspace": "north"}, {"workspace": str(ada.workspace.pk)}):
            assert post(cleo, ALL_NAMES, **place).json()["code"] == "workspace_not_found"
    finally:
        graph_store().delete_workspace(cleo.workspace.pk)


def test_rows_and_bytes_are_capped(ada: Member, app: Project, settings: Any) -> None:
    settings.GRAPH_QUERY_ROWS = 3
    body = ask(ada, ALL_NAMES)
    assert (len(body["rows"]), body["truncated"]) == (3, True)
    assert ask(ada, f"{ALL_NAMES} LIMIT 3")["truncated"] is False
    settings.GRAPH_QUERY_ROWS = 1_000
    settings.GRAPH_QUERY_BYTES = 30
    body = ask(ada, ALL_NAMES)
    assert (0 < len(body["rows"]) < 8, body["truncated"]) == (True, True)
    answer = post(ada, "MATCH (n) RETURN collect(n)")
    assert (answer.status_code, answer.json()["code"]) == (413, "answer_too_large")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "required"),
        ([], 400, "invalid_type"),
        ({"cypher": 1}, 400, "invalid_type"),
        ({"cypher": "\x00"}, 400, "nul_character"),
        ({"cypher": "RETURN 1 //" + "x" * 10_000}, 413, "query_too_long"),
        ({"cypher": "RETURN 1", "parameters": []}, 200, ""),
        ({"cypher": "RETURN 1", "parameters": [1]}, 400, "invalid_type"),
        ({"cypher": "RETURN 1", "parameters": {"a b": 1}}, 400, "invalid_parameters"),
        ({"cypher": "RETURN 1", "parameters": {"_projects": []}}, 400, "invalid_parameters"),
        ({"cypher": "RETURN 1", "parameters": {"a": {"`b": 1}}}, 400, "invalid_parameters"),
        ({"cypher": "RETURN 1", "parameters": {"a": 2**63}}, 400, "invalid_parameters"),
        ({"cypher": "RETURN 1", "parameters": {"a": "\x00"}}, 400, "nul_character"),
        ({"cypher": "RETURN 1", "parameters": {"a": [0] * 1_001}}, 400, "invalid_parameters"),
        ({"cypher": "RETURN 1", "parameters": {"a": "x" * 10_001}}, 400, "invalid_parameters"),
        ({"cypher": "RETURN 1", "parameters": {"a": [[[[[1]]]]]}}, 400, "invalid_parameters"),
        ({"cypher": "RETURN 1", "parameters": {f"p{n}": 1 for n in range(51)}}, 400, "invalid_parameters"),
        ({"cypher": "MATCH (n) RETURN m"}, 400, "cypher_unknown_name"),
        ({"cypher": "MATCH (n:Function) RETURN toUpper(n.startLine)"}, 400, "cypher_failed"),
    ],
)
def test_a_bad_request_is_refused_by_name(ada: Member, app: Project, body: Any, status: int, code: str) -> None:
    answer = ada.api.post("/api/graph/query", body)
    assert (answer.status_code, answer.json().get("code", "")) == (status, code)


def test_a_refusal_names_the_place_and_what_to_write(ada: Member, app: Project) -> None:
    body = post(ada, "MATCH (n)\nCALL db.labels() YIELD label RETURN label").json()
    assert (body["code"], body["line"], body["column"]) == ("cypher_not_allowed", 2, 1)
    assert "use WITH" in body["detail"]


def test_a_slow_query_ends(ada: Member, app: Project, settings: Any) -> None:
    settings.GRAPH_QUERY_SECONDS = 1
    numbers = list(range(330))
    slow = "UNWIND $n AS a UNWIND $n AS b UNWIND $n AS c RETURN count(DISTINCT a + b * c)"
    answer = post(ada, slow, parameters={"n": numbers})
    assert (answer.status_code, answer.json()["code"]) == (422, "query_timeout")
    assert ask(ada, "RETURN 1 AS one")["rows"] == [[1]]


def test_one_workspace_cannot_take_every_thread(ada: Member, cleo: Member, app: Project, settings: Any) -> None:
    settings.GRAPH_QUERY_CONCURRENCY = 1
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with take_turn(ada.workspace.pk, most=1):
            entered.set()
            leave.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert entered.wait(10)
    answer = post(ada, ALL_NAMES)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (429, "too_many_queries", "1")
    assert ask(cleo, ALL_NAMES)["rows"] == []
    leave.set()
    holder.join()
    assert ask(ada, ALL_NAMES)["rows"]


def test_unknown_keys_are_named(ada: Member, app: Project) -> None:
    assert ask(ada, "RETURN 1 AS one", colour="red")["warnings"] == ["unknown key ignored: 'colour'"]


def test_asking_needs_the_scope_graph(ada: Member) -> None:
    key = create_key(workspace=ada.workspace, author=ada.user, name="narrow", scopes=["ingest", "search"])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key.text}")
    assert client.post("/api/graph/query", {"cypher": "RETURN 1"}).json()["requiredScope"] == "graph"
    assert APIClient().post("/api/graph/query", {"cypher": "RETURN 1"}).status_code == 401


def test_a_graph_that_is_away_says_when_to_ask_again(ada: Member, settings: Any) -> None:
    settings.GRAPH_URL = "falkor://127.0.0.1:1"
    answer = post(ada, "RETURN 1 AS one")
    assert (answer.status_code, answer.json()["code"]) == (503, "graph_unavailable")
