"""A rebuild on both stores: a wiped graph comes back the same, an intact one stays, a damaged one is mended."""

from __future__ import annotations

from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from graph.comparing import Comparison, compare_project
from graph.elements import EdgeType
from graph.models import GraphFile
from graph.store import GraphStore
from graph.writers import acquire_writer, current_epoch, release_writer
from processing.models import CodeObject, Memory
from supastate.workspaces.models import Project
from tests import pipeline
from tests.conftest import Member

SHOP = """import decimal


def price(item):
    return tax(item.net)


def tax(net):
    return net * decimal.Decimal("1.2")
"""
CART = """from shop import price


class Cart:
    def total(self):
        return sum(price(item) for item in self.items)
"""


@pytest.fixture
def project(ada: Member, store: GraphStore, embedding_model_dir: object) -> UUID:
    """Ada's shop with a conversation about it, all of it in the graph."""
    pipeline.queue_code(ada, {"shop.py": SHOP, "cart.py": CART})
    pipeline.queue_chunk(ada, "`price` calls `tax`, see shop.py.", filePaths=["shop.py"])
    pipeline.queue_chunk(ada, "The Cart in cart.py is slow.", session="s2")
    while pipeline.store(ada):
        pass
    pipeline.sync_graph(ada)
    with ada.scope():
        return Project.objects.get().pk


def rebuild(**options: str) -> str:
    out = StringIO()
    call_command("rebuild_graph", stdout=out, stderr=out, **options)
    return out.getvalue()


def compare(ada: Member, project: UUID) -> Comparison:
    return compare_project(workspace_id=ada.workspace.id, project_id=project)


def test_a_wiped_store_is_rebuilt_to_the_same_checksum(ada: Member, store: GraphStore, project: UUID) -> None:
    before = store.checksum(ada.workspace.id, project=str(project))
    counts = store.counts(ada.workspace.id, project=str(project))
    assert counts.edges[EdgeType.MENTIONS] >= 3
    assert counts.edges[EdgeType.CALLS] >= 2
    store.delete_workspace(ada.workspace.id)
    wiped = compare(ada, project)
    assert wiped.missing == wiped.nodes + wiped.edges > 10
    said = rebuild(workspace="north")
    assert "the store had lost it" in said
    assert "2 files" in said
    assert "2 memories" in said
    assert store.checksum(ada.workspace.id, project=str(project)) == before


def test_no_word_that_was_said_is_in_the_graph(ada: Member, store: GraphStore, project: UUID) -> None:
    """So none can be read there between the moment when it is made private and the stage that removes it."""
    with ada.scope():
        memory = Memory.objects.select_related("session").first()
    assert memory is not None
    for uid, shown in ((memory.pk, {"kind", "occurredAt", "session"}), (memory.session_id, {"kind"})):
        entity = store.entity(ada.workspace.id, str(uid))
        assert entity is not None
        assert entity.properties.keys() == shown


def test_rebuilding_an_intact_graph_changes_nothing(ada: Member, store: GraphStore, project: UUID) -> None:
    before = store.checksum(ada.workspace.id, project=str(project))
    assert compare(ada, project).is_equal
    said = rebuild()
    assert "lost" not in said
    found = compare(ada, project)
    assert f"2 files, {found.nodes} nodes, {found.edges} edges and 2 memories written" in said
    assert "0 old nodes swept" in said
    assert store.checksum(ada.workspace.id, project=str(project)) == before
    pipeline.queue_code(ada, {"shop.py": SHOP.replace("1.2", "1.3")})
    while pipeline.store(ada):
        pass
    pipeline.sync_graph(ada)
    assert compare(ada, project).is_equal


def test_a_damaged_graph_is_seen_and_mended(ada: Member, store: GraphStore, project: UUID) -> None:
    before = store.checksum(ada.workspace.id, project=str(project))
    with ada.scope():
        tax = CodeObject.objects.get(name="tax").uid
    epoch = current_epoch(workspace_id=ada.workspace.id, project_id=project)
    store.delete_entities(ada.workspace.id, project=str(project), epoch=epoch, uids=[tax])
    damaged = compare(ada, project)
    assert (damaged.is_equal, damaged.extra) == (False, 0)
    assert damaged.missing >= 3  # the function, the edge that defines it, the call of it
    rebuild(project=str(project))
    assert compare(ada, project).is_equal
    assert store.checksum(ada.workspace.id, project=str(project)) == before


def test_what_no_fact_says_is_seen_and_swept(ada: Member, store: GraphStore, project: UUID) -> None:
    with ada.scope():
        GraphFile.objects.filter(path="cart.py").delete()
    assert compare(ada, project).extra >= 4
    rebuild()
    assert compare(ada, project).is_equal
    found = store.find_entities(ada.workspace.id, query="Cart")
    assert found.items == ()


def test_a_rebuild_beside_another_writer_says_so_and_fails(ada: Member, store: GraphStore, project: UUID) -> None:
    writer = acquire_writer(workspace_id=ada.workspace.id, project_id=project)
    assert writer is not None
    with pytest.raises(CommandError, match="1 of 1 projects were not rebuilt"):
        rebuild()
    release_writer(writer)
    rebuild()


def test_a_workspace_or_project_that_is_not_there_is_named(ada: Member, falkordb_url: str) -> None:
    with pytest.raises(CommandError, match="'nowhere'"):
        rebuild(workspace="nowhere")
    with pytest.raises(CommandError, match="'nothing'"):
        rebuild(project="nothing")
