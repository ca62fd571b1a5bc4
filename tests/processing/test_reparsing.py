"""What an earlier parser made is made anew, before the graph is asked to hold it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F

from graph.connection import graph_store
from graph.facts import PARSER_VERSION
from graph.models import GraphFile, GraphQueue
from ingest.models import CodeQueue
from processing import reparsing
from processing.models import CodeObject
from supastate.queueing.models import Status
from tests import pipeline
from tests.conftest import Member

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")


@pytest.fixture
def shop(ada: Member) -> Any:
    """Ada's shop in the graph, its facts as an earlier version left them."""
    pipeline.queue_code(
        ada, {"shop.py": "def price(item):\n    return tax(item)\n", "tax.py": "def tax(net): ...\n"}
    )
    pipeline.drain(ada)
    with ada.scope():
        GraphFile.objects.update(parser_version=PARSER_VERSION - 1, facts={"what": "nobody reads now"})
    yield ada
    graph_store().delete_workspace(ada.workspace.id)


def versions(member: Member) -> set[int]:
    with member.scope():
        return set(GraphFile.objects.values_list("parser_version", flat=True))


def test_old_facts_are_made_anew_and_asking_twice_asks_once(shop: Member, cleo: Member) -> None:
    with shop.scope():
        before = set(CodeObject.objects.values_list("uid", flat=True))
    assert reparsing.queue_outdated(cleo.workspace.pk) == 0
    assert reparsing.queue_outdated(shop.workspace.pk) == 2
    assert reparsing.queue_outdated(shop.workspace.pk) == 0
    pipeline.drain(shop)
    assert versions(shop) == {PARSER_VERSION}
    assert reparsing.queue_outdated(shop.workspace.pk) == 0
    with shop.scope():
        assert set(CodeObject.objects.values_list("uid", flat=True)) == before
        assert not CodeQueue.objects.exclude(status=Status.COMPLETED).exists()


def test_a_change_waits_in_the_graph_stage_until_the_rest_is_parsed_again(shop: Member) -> None:
    pipeline.queue_code(shop, {"new.py": "from shop import price\n\n\ndef sell(item):\n    return price(item)\n"})
    while pipeline.store(shop):
        pass
    pipeline.sync_graph(shop)
    with shop.scope():
        waiting = GraphQueue.objects.exclude(status=Status.COMPLETED).get()
        assert (waiting.path, waiting.error_code, waiting.attempts) == ("new.py", "facts_outdated", 0)
        GraphQueue.objects.update(run_after=F("created_at"))
    pipeline.drain(shop)
    assert versions(shop) == {PARSER_VERSION}
    with shop.scope():
        assert not GraphQueue.objects.exclude(status=Status.COMPLETED).exists()
        price = CodeObject.objects.get(name="price")
    callers = graph_store().callers(shop.workspace.pk, price.uid)
    assert [item.entity.text("name") for item in callers.items] == ["sell"]


def test_every_workspace_is_swept(shop: Member) -> None:
    reparsing.queue_all_outdated()
    pipeline.drain(shop)
    assert versions(shop) == {PARSER_VERSION}
