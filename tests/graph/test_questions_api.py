"""`/api/graph` on whole projects and on ways, over HTTP, each caller inside what they may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from graph.connection import graph_store
from supastate.workspaces.models import Project, Visibility
from tests.conftest import Member
from tests.graph.test_graph_api import ask, fill, find

pytestmark = pytest.mark.usefixtures("falkordb_url")

A = """
from app import b

class Base:
    def run(self):
        return b.helper()

class Child(Base):
    def run(self):
        return super().run()
"""
B = """
import json
from app import a

def helper():
    return json.dumps(inner())

def inner():
    return 1

def lonely():
    return a.Child().run()
"""
FILES = {"app/a.py": A, "app/b.py": B, "app/__init__.py": ""}
QUESTIONS = ("position?path=app/a.py", "overview", "hotspots", "cycles", "unreferenced")


@pytest.fixture
def app(ada: Member) -> Iterator[Project]:
    yield fill(ada, FILES, path="/home/ada/app")
    graph_store().delete_workspace(ada.workspace.pk)


def refusal(member: Member, address: str) -> tuple[int, dict[str, Any]]:
    answer = member.api.get(f"/api/graph/{address}")
    return answer.status_code, answer.json()


def test_a_position_names_the_definitions_around_it(ada: Member, app: Project) -> None:
    found = ask(ada, "position", project="app", path="app/a.py", line=6)["results"]
    assert [item["qualifiedName"] for item in found] == ["app.a.Base.run", "app.a.Base", "app.a"]
    assert ask(ada, "position", path="app/nowhere.py")["results"] == []


def test_the_overview_counts_and_names_what_matters(ada: Member, app: Project) -> None:
    body = ask(ada, "overview", project=str(app.pk))
    assert body["projects"] == [{"id": str(app.pk), "name": "app"}]
    assert body["nodes"] == {"Project": 1, "File": 3, "Class": 2, "Function": 5, "Module": 1}
    assert body["edges"]["inherits"] == 1
    assert body["languages"] == [{"language": "python", "files": 3, "lines": 25}]
    assert [item["entity"]["name"] for item in body["externalModules"]] == ["json"]
    assert body["mostInherited"][0]["entity"]["name"] == "Base"


def test_hotspots_are_ranked_and_paged(ada: Member, app: Project) -> None:
    whole = ask(ada, "hotspots", by="callers")["items"]
    assert whole[0]["count"] >= whole[-1]["count"] >= 1
    first = ask(ada, "hotspots", by="callers", limit=1)
    rest = ask(ada, "hotspots", by="callers", cursor=first["nextCursor"])
    assert first["items"] + rest["items"] == whole
    assert rest["nextCursor"] is None


def test_files_that_import_each_other_are_a_circle(ada: Member, app: Project) -> None:
    body = ask(ada, "cycles", of="imports")
    assert (body["count"], body["truncated"]) == (1, False)
    assert {item["path"] for item in body["items"][0]["shortest"]} == {"app/a.py", "app/b.py"}
    assert ask(ada, "cycles", of="inheritance")["count"] == 0


def test_what_nothing_refers_to_is_a_candidate(ada: Member, app: Project) -> None:
    assert [item["name"] for item in ask(ada, "unreferenced")["items"]] == ["lonely"]
    assert ask(ada, "unreferenced", kind="class")["items"] == []


def test_inheritance_goes_up_and_down(ada: Member, app: Project) -> None:
    base = ask(ada, f"entities/{find(ada, 'Base')['uid']}/inheritance")
    assert [item["entity"]["name"] for item in base["descendants"]["items"]] == ["Child"]
    assert base["ancestors"]["items"] == []
    [run] = ask(ada, "entities", q="Child.run")["results"]
    method = ask(ada, f"entities/{run['uid']}/inheritance")
    assert [item["entity"]["qualifiedName"] for item in method["ancestors"]["items"]] == ["app.a.Base.run"]


def test_a_path_tells_how_one_reaches_another(ada: Member, app: Project) -> None:
    ends = {"from": find(ada, "lonely")["uid"], "to": find(ada, "inner")["uid"]}
    body = ask(ada, "path", **ends)
    assert body["found"]
    assert [item["name"] for item in body["entities"]] == ["lonely", "run", "run", "helper", "inner"]
    assert {edge["type"] for edge in body["edges"]} == {"calls"}
    none = ask(ada, "path", **{"from": ends["to"], "to": ends["from"]})
    assert (none["found"], none["length"], none["searchEnded"]) == (False, None, "complete")


def test_callers_go_on_behind_a_cursor(ada: Member, app: Project) -> None:
    uid = find(ada, "inner")["uid"]
    whole = ask(ada, f"entities/{uid}/callers", depth=5)
    assert len(whole["items"]) == 4
    seen, cursor = [], ""
    while cursor is not None:
        page = ask(ada, f"entities/{uid}/callers", depth=5, limit=1, cursor=cursor)
        seen += page["items"]
        cursor = page["nextCursor"]
    assert seen == whole["items"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_another_workspace_sees_nothing_and_names_nothing(
    ada: Member, cleo: Member, app: Project, question: str
) -> None:
    status, body = refusal(cleo, question)
    assert status == 200
    assert str(app.pk) not in str(body)
    assert not body.get("results")
    assert not body.get("items")
    named = f"{question}{'&' if '?' in question else '?'}project={app.pk}"
    assert refusal(cleo, named)[0] == 404
    assert refusal(ada, named)[0] == 200


def test_a_private_project_is_its_authors_alone(ada: Member, ben: Member) -> None:
    try:
        fill(ben, FILES, path="/home/ben/secret", visibility=Visibility.PRIVATE)
        assert ask(ben, "overview")["nodes"]["Class"] == 2
        for question in QUESTIONS:
            assert "secret" not in str(refusal(ada, question)[1])
            assert "Base" not in str(refusal(ada, question)[1])
        uid = find(ben, "Base")["uid"]
        assert refusal(ada, f"entities/{uid}/inheritance")[0] == 404
        assert refusal(ada, f"path?from={uid}&to={uid}")[0] == 404
    finally:
        graph_store().delete_workspace(ben.workspace.pk)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("position", "required"),
        ("position?path=a&line=0", "out_of_range"),
        ("position?path=a%00", "nul_character"),
        ("hotspots?by=fame", "invalid_choice"),
        ("hotspots?cursor=zzz", "invalid_cursor"),
        ("hotspots?cursor=Wy01XQ", "invalid_cursor"),
        ("hotspots?limit=0", "out_of_range"),
        ("cycles?of=life", "invalid_choice"),
        ("path?from=x", "not_found"),
        ("overview?project=nowhere", "not_found"),
    ],
)
def test_bad_questions_are_refused_by_name(ada: Member, app: Project, address: str, code: str) -> None:
    status, body = refusal(ada, address)
    assert (status, body["code"]) == (404 if code == "not_found" else 400, code)


def test_a_path_of_unknown_edges_is_refused(ada: Member, app: Project) -> None:
    uid = find(ada, "inner")["uid"]
    status, body = refusal(ada, f"path?from={uid}&to={uid}&types=calls,loves")
    assert (status, body["field"]) == (400, "types")
