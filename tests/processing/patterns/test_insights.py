"""What was learnt is served: the fix of an error that comes again, and the talk about a project's code."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processing.models import Pattern
from supastate.workspaces.models import Project
from tests import pipeline
from tests.conftest import Member, make_member
from tests.processing.patterns.conversations import NOON, Conversation, detect

pytestmark = pytest.mark.usefixtures("redis_url", "falkordb_url", "embedding_model_dir")
OUTPUT = "…\nE   KeyError: 'vat'\nshop/tax.py:33: KeyError\n1 failed"


def mend(member: Member, key: str = "s1", **options: object) -> Conversation:
    talk = Conversation(member, key, **options)  # type: ignore[arg-type]
    talk.runs("pytest tests/test_tax.py", False, OUTPUT)
    talk.edits("shop/tax.py")
    talk.runs("pytest tests/test_tax.py", True)
    return talk.store()


def test_the_fix_of_an_error_is_served_when_it_comes_again(ada: Member) -> None:
    mend(ada)
    detect(ada)
    for answer in (
        ada.api.get("/api/patterns/solutions", {"error": "KeyError: 'vat'"}),
        ada.api.post("/api/patterns/solutions", {"error": f"Traceback …\n{OUTPUT}"}, format="json"),
    ):
        assert answer.status_code == 200, answer.json()
        [solution] = answer.json()["results"]
        assert (solution["error"], solution["file"]) == ("KeyError: 'vat'", "shop/tax.py")
        assert solution["command"] == "pytest tests/test_tax.py"
        failure, edit, _passed = solution["occurrence"]["evidence"]
        [span] = failure["spans"]
        assert OUTPUT[span["start"] : span["end"]] == "E   KeyError: 'vat'"
        assert "shop/tax.py" in edit["snippet"]


def test_other_errors_other_readers_and_dismissed_fixes_get_nothing(
    ada: Member, ben: Member, cleo: Member
) -> None:
    mend(ada, visibility="private")
    detect(ada)
    error = {"error": "KeyError: 'vat'"}
    assert len(ada.api.get("/api/patterns/solutions", error).json()["results"]) == 1
    for member in (ben, cleo):
        assert member.api.get("/api/patterns/solutions", error).json()["results"] == []
    assert ada.api.get("/api/patterns/solutions", {"error": "KeyError: 'net'"}).json()["results"] == []
    assert ada.api.get("/api/patterns/solutions", {"error": "it is slow"}).json()["results"] == []
    assert ada.api.get("/api/patterns/solutions").json()["code"] == "required"
    with ada.scope():
        Pattern.objects.update(state="dismissed")
    assert ada.api.get("/api/patterns/solutions", error).json()["results"] == []


@pytest.fixture
def shop(ada: Member, ben: Member) -> Project:
    """Two modules that import each other; Ada alone edits one, Ben asked once about the other."""
    pipeline.queue_code(ada, {"tax.py": "import cart\nRATE = cart.RATE\n", "cart.py": "import tax\nRATE = 1\n"})
    pipeline.drain(ada)
    with ada.scope():
        project = Project.objects.get()
    for number in range(5):
        talk = Conversation(ada, f"s{number}", project=project, begins=NOON + timedelta(days=number))
        talk.asks("Next.")
        talk.edits("tax.py")
        talk.store()
    talk = Conversation(ben, "b", project=project)
    talk.asks("What is in cart.py then?")
    talk.store()
    detect(ada)
    return project


def test_lone_knowledge_hot_spots_and_cycles_are_joined_with_the_talk(ada: Member, shop: Project) -> None:
    answer = ada.api.get("/api/patterns/insights", {"project": shop.name})
    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert [(item["path"], item["author"], item["exchanges"]) for item in body["loneKnowledge"]] == [
        ("tax.py", "ada", 5)
    ]
    assert next((item["path"], item["importers"], item["edits"]) for item in body["hotSpots"]) == ("tax.py", 1, 5)
    [cycle] = body["importCycles"]
    assert (sorted(cycle["paths"]), cycle["size"]) == (["cart.py", "tax.py"], 2)
    assert cycle["talk"][0]["path"] == "tax.py"


def test_insights_need_a_project_that_is_visible_and_both_scopes(ada: Member, cleo: Member, shop: Project) -> None:
    assert ada.api.get("/api/patterns/insights").json()["code"] == "required"
    assert cleo.api.get("/api/patterns/insights", {"project": str(shop.pk)}).status_code == 404
    for scopes in (["graph"], ["search"]):
        half = make_member("north", f"only-{scopes[0]}", scopes=scopes)
        assert half.api.get("/api/patterns/insights", {"project": shop.name}).status_code == 403
