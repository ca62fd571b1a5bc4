"""`/api/graph` over a real store, filled as the pipeline fills it: facts, then a sync."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from graph.connection import graph_store
from graph.elements import Node, NodeLabel
from graph.files import drop_facts, save_facts
from graph.parsing import parse_source
from graph.store.model import LinkScope
from graph.syncing import sync_due
from graph.writers import current_epoch
from supastate.api.pagination import encode_cursor
from supastate.workspaces.keys import create_key
from supastate.workspaces.models import Project, Visibility
from supastate.workspaces.projects import ProjectRef, ensure_project
from tests.conftest import Member

pytestmark = pytest.mark.usefixtures("falkordb_url")

LIB = """
import json

def parse(text):
    return json.loads(text)

def load(path):
    parse("a")
    return parse(path)

class Reader:
    def read(self, name: str) -> str:
        return load(name)
"""
MAIN = """
from app.lib import load

def main():
    return load("a")
"""
FILES = {"src/app/lib.py": LIB, "src/app/main.py": MAIN}
BELOW = ("", "/callers", "/callees", "/imports", "/impact")


def fill(member: Member, files: dict[str, str], *, path: str, visibility: str = Visibility.WORKSPACE) -> Project:
    """Bring source files into the graph as a project of the member."""
    with member.scope():
        project = ensure_project(
            workspace_id=member.workspace.pk,
            author_id=member.user.pk,
            ref=ProjectRef(path=path),
            visibility=visibility,
        )
        save_facts(
            {name: parse_source(name, text) for name, text in files.items()},
            dict.fromkeys(files, "hash"),
            workspace_id=member.workspace.pk,
            project_id=project.pk,
            batch_ids={},
        )
    sync(member)
    return project


def sync(member: Member) -> None:
    while sync_due(workspace_id=member.workspace.pk, on_synced=lambda *_: None, on_outdated=lambda _: None):
        pass


@pytest.fixture
def app(ada: Member) -> Iterator[Project]:
    """Ada's shared project `app`, in the graph."""
    yield fill(ada, FILES, path="/home/ada/app")
    graph_store().delete_workspace(ada.workspace.pk)


def ask(member: Member, address: str, **query: Any) -> dict[str, Any]:
    answer = member.api.get(f"/api/graph/{address}", query)
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def find(member: Member, name: str, **query: Any) -> dict[str, Any]:
    """The one entity of exactly this name."""
    (found,) = [item for item in ask(member, "entities", q=name, **query)["results"] if item["name"] == name]
    entity: dict[str, Any] = found
    return entity


def names(body: dict[str, Any]) -> list[str]:
    return [item["entity"]["name"] for item in body["items"]]


def test_an_entity_is_found_by_name_and_shown_whole(ada: Member, app: Project) -> None:
    found = find(ada, "read")
    assert re.fullmatch("[0-9a-z]{26}", found.pop("uid"))
    assert found == {
        "label": "Function",
        "kind": "method",
        "name": "read",
        "qualifiedName": "app.lib.Reader.read",
        "path": "src/app/lib.py",
        "startLine": 12,
        "endLine": 13,
        "signature": found["signature"],
        "language": "python",
        "project": {"id": str(app.pk), "name": "app"},
    }
    assert "read(self, name: str) -> str" in found["signature"]


def test_every_filter_narrows(ada: Member, app: Project) -> None:
    def found(**query: Any) -> set[str]:
        return {item["name"] for item in ask(ada, "entities", **query)["results"]}

    assert found() == {"lib.py", "main.py", "json", "parse", "load", "Reader", "read", "main"}
    assert found(kind="class") == {"Reader"}
    assert found(kind="no such kind") == set()
    assert found(path="src/app/main.py") == {"main.py", "main"}
    assert found(path="src/app") == found() - {"json"}
    assert found(path="src/ap") == set()
    assert found(q="LOAD") == {"load"}
    assert found(q="load", project="app") == found(q="load", project=str(app.pk)) == {"load"}
    assert found(q="load", project="other") == set()


def test_pages_show_each_entity_once(ada: Member, app: Project) -> None:
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        body = ask(ada, "entities", **query)
        seen += [item["name"] for item in body["results"]]
        if body["nextCursor"] is None:
            break
        query["cursor"] = body["nextCursor"]
    assert len(seen) == len(set(seen)) == 8


def test_an_entity_counts_its_callers_and_callees(ada: Member, app: Project) -> None:
    body = ask(ada, f"entities/{find(ada, 'load')['uid']}")
    assert body["qualifiedName"] == "app.lib.load"
    assert body["callers"] == {"count": 2, "truncated": False}
    assert body["callees"] == {"count": 1, "truncated": False}


def test_callers_near_and_far(ada: Member, app: Project) -> None:
    parse, load = find(ada, "parse")["uid"], find(ada, "load")["uid"]
    near = ask(ada, f"entities/{parse}/callers")
    assert names(near) == ["load"]
    assert near["truncated"] is False
    (item,) = near["items"]
    assert (item["depth"], item["via"], item["lines"]) == (1, parse, [8, 9])
    assert 0 < item["confidence"] <= 1
    assert item["method"]
    assert item["entity"]["path"] == "src/app/lib.py"
    far = ask(ada, f"entities/{parse}/callers", depth=2)
    assert sorted(names(far)) == ["load", "main", "read"]
    assert {item["via"] for item in far["items"] if item["depth"] == 2} == {load}
    cut = ask(ada, f"entities/{parse}/callers", depth=5, limit=2)
    assert (len(cut["items"]), cut["truncated"]) == (2, True)


def test_callees(ada: Member, app: Project) -> None:
    main = find(ada, "main", kind="function")["uid"]
    assert names(ask(ada, f"entities/{main}/callees")) == ["load"]
    assert names(ask(ada, f"entities/{main}/callees", depth=2)) == ["load", "parse"]


def test_imports_of_a_file_and_of_what_stands_in_it(ada: Member, app: Project) -> None:
    lib = find(ada, "lib.py")["uid"]
    for uid in (lib, find(ada, "parse")["uid"]):
        body = ask(ada, f"entities/{uid}/imports")
        assert body["uid"] == lib
        assert names(body["imports"]) == ["json"]
        assert names(body["importedBy"]) == ["main.py"]
    json_module = find(ada, "json")
    assert (json_module["path"], json_module["startLine"]) == (None, None)
    assert names(ask(ada, f"entities/{json_module['uid']}/imports")["importedBy"]) == ["lib.py"]


def test_impact_tells_the_way(ada: Member, app: Project) -> None:
    parse, load, main = (find(ada, name)["uid"] for name in ("parse", "load", "main"))
    hits = {hit["entity"]["name"]: hit for hit in ask(ada, f"entities/{parse}/impact")["items"]}
    assert set(hits) == {"load", "main", "read"}
    assert hits["main"]["path"] == [main, load, parse]
    assert (hits["load"]["depth"], hits["main"]["depth"]) == (1, 2)
    assert set(ask(ada, f"entities/{parse}/impact", depth=1)["items"][0]) == {
        "entity",
        "path",
        "depth",
        "confidence",
    }


def test_a_deleted_file_is_not_found_any_more(ada: Member, app: Project) -> None:
    load, main = find(ada, "load")["uid"], find(ada, "main", kind="function")["uid"]
    with ada.scope():
        drop_facts(["src/app/main.py"], workspace_id=ada.workspace.pk, project_id=app.pk, batch_ids={})
    sync(ada)
    assert names(ask(ada, f"entities/{load}/callers")) == ["read"]
    assert ada.api.get(f"/api/graph/entities/{main}").status_code == 404


def test_a_private_project_is_its_authors_alone(ada: Member, ben: Member, app: Project) -> None:
    hidden = fill(ada, FILES, path="/home/ada/app", visibility=Visibility.PRIVATE)
    own = [item for item in ask(ada, "entities", q="load")["results"] if item["project"]["id"] == str(hidden.pk)]
    assert [item["name"] for item in own] == ["load"]
    assert {item["project"]["id"] for item in ask(ben, "entities")["results"]} == {str(app.pk)}
    assert ask(ben, "entities", project=str(hidden.pk))["results"] == []
    for below in BELOW:
        address = f"/api/graph/entities/{own[0]['uid']}{below}"
        assert ada.api.get(address).status_code == 200, address
        assert ben.api.get(address).status_code == 404, address


def test_nobody_sees_another_workspace(ada: Member, cleo: Member, app: Project) -> None:
    load = find(ada, "load")["uid"]
    fill(cleo, {"own.py": "def own(): pass\n"}, path="/home/cleo/own")
    try:
        assert {item["name"] for item in ask(cleo, "entities")["results"]} == {"own.py", "own"}
        assert ask(cleo, "entities", project=str(app.pk))["results"] == []
        assert cleo.api.get("/api/graph/entities", {"workspace": "north"}).status_code == 404
        for below in BELOW:
            address = f"/api/graph/entities/{load}{below}"
            assert cleo.api.get(address).json()["code"] == "not_found"
            assert cleo.api.get(address, {"workspace": str(ada.workspace.pk)}).status_code == 404
            assert ada.api.get(address, {"workspace": "north"}).status_code == 200
    finally:
        graph_store().delete_workspace(cleo.workspace.pk)


def test_only_code_is_shown_not_projects_or_memories(ada: Member, app: Project) -> None:
    memory_uid = "01a1fd3a-5fc9-7028-be96-2d049d98867d"
    graph_store().write_links(
        ada.workspace.pk,
        project=str(app.pk),
        epoch=current_epoch(workspace_id=ada.workspace.pk, project_id=app.pk),
        nodes=[Node(NodeLabel.MEMORY, memory_uid, {"name": "what was said"})],
        edges=[],
        scope=LinkScope(sources=[memory_uid], types=[]),
    )
    assert graph_store().entity(ada.workspace.pk, memory_uid) is not None
    for uid in (memory_uid, str(app.pk)):
        assert ada.api.get(f"/api/graph/entities/{uid}").status_code == 404


BAD_UIDS = ["x", "🦉", "a b", "\x00", "'", "\\", "u" * 3000, "01a1fd3a-5fc9-7028-be96-2d049d98867d", "../x"]


@pytest.mark.parametrize("below", BELOW)
def test_an_unknown_uid_is_not_found(ada: Member, app: Project, below: str) -> None:
    for uid in BAD_UIDS:
        answer = ada.api.get(f"/api/graph/entities/{quote(uid, safe='')}{below}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), uid


@pytest.mark.parametrize(
    ("below", "query", "code", "limit"),
    [
        ("/callers", {"depth": "0"}, "out_of_range", 5),
        ("/callers", {"depth": "6"}, "out_of_range", 5),
        ("/callees", {"depth": "deep"}, "invalid_type", None),
        ("/callees", {"limit": "0"}, "out_of_range", 500),
        ("/impact", {"limit": "501"}, "out_of_range", 500),
        ("/impact", {"depth": "9" * 400}, "invalid_type", None),
        ("/imports", {"limit": "-1"}, "out_of_range", 500),
        ("", {"limit": "0"}, "out_of_range", 200),
        ("", {"limit": "201"}, "out_of_range", 200),
        ("", {"limit": "1e3"}, "invalid_type", None),
        ("", {"q": "\x00"}, "nul_character", None),
        ("", {"q": "q" * 201}, "too_long", 200),
        ("", {"kind": "k" * 65}, "too_long", 64),
        ("", {"path": "\x00"}, "nul_character", None),
        ("", {"project": "\x00"}, "nul_character", None),
        ("", {"cursor": "🦉"}, "invalid_cursor", None),
        ("", {"cursor": "x"}, "invalid_cursor", None),
        ("", {"cursor": encode_cursor(10**30, "a", "b")}, "invalid_cursor", None),
        ("", {"cursor": encode_cursor(1, "\x00", "b")}, "invalid_cursor", None),
        ("", {"cursor": encode_cursor(1, "\ud83d", "b")}, "invalid_cursor", None),
        ("", {"cursor": encode_cursor("1", "a", "b")}, "invalid_cursor", None),
        ("", {"cursor": urlsafe_b64encode(b"[" * 9_000).decode()}, "invalid_cursor", None),
    ],
)
def test_a_bad_query_is_refused_by_name(
    ada: Member, app: Project, below: str, query: dict[str, str], code: str, limit: int | None
) -> None:
    address = f"/api/graph/entities/{find(ada, 'load')['uid']}{below}" if below else "/api/graph/entities"
    answer = ada.api.get(address, query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json().get("limit") == limit


@pytest.mark.parametrize(
    "query",
    [{"q": "🦉"}, {"q": "' OR 1=1 //"}, {"q": '\\"`'}, {"path": "目" * 1024}, {"kind": "}) DETACH DELETE n //"}],
)
def test_an_unusual_query_finds_nothing_and_harms_nothing(
    ada: Member, app: Project, query: dict[str, str]
) -> None:
    assert ask(ada, "entities", **query)["results"] == []
    assert len(ask(ada, "entities")["results"]) == 8


def test_a_workspace_without_a_graph_finds_nothing(ada: Member) -> None:
    assert ask(ada, "entities", q="load") == {"results": [], "nextCursor": None}


def test_unknown_parameters_are_named(ada: Member, app: Project) -> None:
    load = find(ada, "load")["uid"]
    assert ask(ada, "entities", colour="red")["warnings"] == ["unknown key ignored: 'colour'"]
    assert ask(ada, f"entities/{load}", depth="2")["warnings"] == ["unknown key ignored: 'depth'"]


def test_everything_needs_the_scope_graph(ada: Member, app: Project) -> None:
    key = create_key(workspace=ada.workspace, author=ada.user, name="narrow", scopes=["ingest", "search"])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key.text}")
    load = find(ada, "load")["uid"]
    answers = [client.get(f"/api/graph/entities/{load}{below}") for below in BELOW]
    answers += [client.get("/api/graph/entities"), client.post("/api/graph/query", {})]
    assert {(answer.status_code, answer.json()["requiredScope"]) for answer in answers} == {(403, "graph")}
    assert APIClient().get("/api/graph/entities").status_code == 401


def test_a_graph_that_is_away_says_when_to_ask_again(ada: Member, settings: Any) -> None:
    settings.GRAPH_URL = "falkor://127.0.0.1:1"
    for address in ("entities", "entities/01h", "entities/01h/callers"):
        answer = ada.api.get(f"/api/graph/{address}")
        assert (answer.status_code, answer.json()["code"]) == (503, "graph_unavailable")
        assert int(answer["Retry-After"]) > 0
