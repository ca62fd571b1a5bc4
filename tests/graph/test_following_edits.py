"""After any edits, through the real stages, the graph equals one rebuilt from nothing, and links to code live on.

`EDITS_EXAMPLES=200` tries more than the few examples of every run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph import delivering, file_graphs, flows, project_facts
from graph.comparing import compare_project
from graph.connection import graph_store
from graph.elements import EdgeType
from graph.file_states import read_states
from graph.flows import load_flow, save_flow
from graph.models import GraphFile, GraphProject, GraphQueue, Tombstone
from graph.project_facts import load_facts
from graph.resolver import Flow
from graph.settling import settle_project
from graph.store import GraphStore
from graph.syncing import Synced, sync_project
from graph.writers import acquire_writer, release_writer, wait_for_writer
from ingest.models import MemoryQueue
from processing.linking.rebuilding import rebuild_project
from processing.models import CodeFile, CodeObject, LinkQueue, Memory, TombstoneLink
from supastate.queueing.claims import claim_rows, renew_lease
from supastate.queueing.models import Status
from supastate.workspaces.models import Project
from tests import pipeline
from tests.conftest import Member
from tests.graph.editing import Source, edit, projects

EXAMPLES = int(os.environ.get("EDITS_EXAMPLES", "4"))
EDITS = 4
SHOP = "def price(item):\n    return tax(item.net)\n\n\ndef tax(net):\n    return net * 1.2\n"
CART = "from shop import price\n\n\nclass Cart:\n    def total(self):\n        return price(self)\n"
SHOP_WITHOUT_TAX = "def price(item):\n    return item.net\n"


def bring(member: Member, files: Mapping[str, str | None]) -> None:
    """Accept revisions and run every stage that concerns the graph."""
    pipeline.queue_code(member, files)
    while pipeline.store(member):
        pass
    pipeline.sync_graph(member)


def say(member: Member, text: str, **metadata: Any) -> None:
    pipeline.queue_chunk(member, text, **metadata)
    while pipeline.store(member):
        pass
    pipeline.sync_graph(member)


def find_project(member: Member) -> UUID:
    with member.scope():
        return Project.objects.get().pk


def find_uid(member: Member, name: str) -> str:
    with member.scope():
        return CodeObject.objects.get(name=name).uid


def checksum(member: Member) -> str:
    return graph_store().checksum(member.workspace.id, project=str(find_project(member)))


def rebuild_from_nothing(member: Member) -> str:
    graph_store().delete_workspace(member.workspace.id)
    rebuild_project(workspace_id=member.workspace.id, project_id=find_project(member))
    return checksum(member)


def forget(member: Member) -> None:
    """Leave nothing of the last example to the next, in Postgres or in the graph."""
    graph_store().delete_workspace(member.workspace.id)
    with member.scope():
        for model in (CodeFile, GraphFile, GraphQueue, LinkQueue, MemoryQueue, Memory, Tombstone):
            model.objects.all().delete()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_after_any_edits_the_graph_equals_a_rebuild(ada: Member, store: GraphStore, data: st.DataObject) -> None:
    forget(ada)
    say(ada, "`price` and `Cart`, `save` and `total` in pkg/base.py are slow.")
    project: dict[str, Source] = {}
    wanted = data.draw(projects)
    for _ in range(EDITS):
        gone = dict.fromkeys(project.keys() - wanted.keys())
        bring(ada, {path: found.text() for path, found in wanted.items() if project.get(path) != found} | gone)
        found = compare_project(workspace_id=ada.workspace.id, project_id=find_project(ada))
        assert (found.missing, found.extra) == (0, 0)
        project, wanted = wanted, data.draw(edit(wanted))
    followed = checksum(ada)
    assert rebuild_from_nothing(ada) == followed


def test_an_edit_that_no_other_file_can_see_is_all_that_is_written(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    assert sync(ada) == []
    bring_facts(ada, {"shop.py": f"# A comment moves every line.\n{SHOP}"})
    assert sync(ada) == ["shop.py"]
    bring_facts(ada, {"shop.py": SHOP_WITHOUT_TAX})
    assert sync(ada) == ["shop.py"]
    bring_facts(ada, {"shop.py": SHOP_WITHOUT_TAX.replace("price", "cost")})
    assert sync(ada) == ["cart.py", "shop.py"]
    assert rebuild_from_nothing(ada) == checksum(ada)


def test_mentioned_code_that_goes_keeps_its_links_and_comes_back_as_it_was(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    say(ada, "`tax` is wrong, see shop.py.")
    tax, before = find_uid(ada, "tax"), checksum(ada)
    address = f"/api/graph/entities/{tax}"
    for files in ({"shop.py": SHOP_WITHOUT_TAX}, {"shop.py": None}):
        bring(ada, files)
        assert "deletedAt" in ada.api.get(address).json()
        assert len(ada.api.get(f"{address}/memories").json()["items"]) == 1
        assert len(store.memories_of(ada.workspace.id, tax).items) == 1
        assert store.find_entities(ada.workspace.id, query="tax").items == ()
        found = compare_project(workspace_id=ada.workspace.id, project_id=find_project(ada))
        assert found.is_equal
        followed = checksum(ada)
        assert rebuild_from_nothing(ada) == followed
    bring(ada, {"shop.py": SHOP})
    assert "deletedAt" not in ada.api.get(address).json()
    assert checksum(ada) == before


def test_what_nobody_mentions_goes_without_a_trace(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP})
    say(ada, "`price` alone is spoken of.")
    tax = find_uid(ada, "tax")
    bring(ada, {"shop.py": None})
    assert store.entity(ada.workspace.id, tax) is None
    assert ada.api.get(f"/api/graph/entities/{tax}/memories").status_code == 404
    with ada.scope():
        assert [stone.name for stone in Tombstone.objects.all()] == ["price"]


def test_code_that_goes_again_before_memories_are_linked_anew_keeps_them(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP})
    say(ada, "`tax` is wrong.")
    bring(ada, {"shop.py": SHOP_WITHOUT_TAX})
    for text in (SHOP, SHOP_WITHOUT_TAX):
        pipeline.queue_code(ada, {"shop.py": text})
        while pipeline.store(ada):
            pass
    pipeline.sync_graph(ada)
    with ada.scope():
        assert TombstoneLink.objects.get().tombstone.name == "tax"


def test_another_workspaces_tombstone_is_not_found(ada: Member, cleo: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP})
    say(ada, "`tax` is wrong.")
    tax = find_uid(ada, "tax")
    bring(ada, {"shop.py": None})
    assert cleo.api.get(f"/api/graph/entities/{tax}/memories").status_code == 404
    assert cleo.api.get(f"/api/graph/entities/{tax}").status_code == 404


def test_a_rename_of_other_code_leaves_links_alone(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    say(ada, "`tax` is wrong, see shop.py.")
    links = store.counts(ada.workspace.id, project=str(find_project(ada))).edges[EdgeType.MENTIONS]
    bring(ada, {"cart.py": None, "basket.py": CART})
    assert store.counts(ada.workspace.id, project=str(find_project(ada))).edges[EdgeType.MENTIONS] == links == 2


def test_a_large_project_is_written_in_parts_to_the_same_graph(
    ada: Member, store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART, "json_user.py": "import json\n"})
    whole = checksum(ada)
    for room in (delivering, file_graphs):
        monkeypatch.setattr(room, "PART_FILES", 1)
    assert rebuild_from_nothing(ada) == whole
    bring(ada, {"shop.py": None, "cart.py": None, "json_user.py": None})
    bring(ada, {"shop.py": SHOP, "cart.py": CART, "json_user.py": "import json\n"})
    assert checksum(ada) == whole


def bring_facts(member: Member, files: Mapping[str, str | None]) -> None:
    pipeline.queue_code(member, files)
    while pipeline.store(member):
        pass


def sync(member: Member) -> list[str]:
    """Run both turns once, as workers would; return the paths that were written or due."""
    place = {"workspace_id": member.workspace.id, "project_id": find_project(member)}
    synced = sync_first(member)
    before = read_states(**place)
    if not synced.is_settled:
        assert settle_project(**place, renew=lambda: None, check=lambda: None)
    after = read_states(**place)
    settled = (path for path in after if after[path].written_hash != before[path].written_hash)
    return sorted({*synced.paths, *settled})


def sync_first(member: Member, meanwhile: Iterable[None] = ()) -> Synced:
    """Run the first turn with the writer's lease; one of `meanwhile` happens before each file."""
    happens = iter(meanwhile)
    writer = acquire_writer(workspace_id=member.workspace.id, project_id=find_project(member))
    assert writer is not None
    try:
        return sync_project(writer, lambda: next(happens, None))
    finally:
        release_writer(writer)


def test_rows_that_found_the_writer_busy_are_due_when_it_ends(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP})
    tax = find_uid(ada, "tax")
    bring_facts(ada, {"shop.py": SHOP_WITHOUT_TAX})
    writer = acquire_writer(workspace_id=ada.workspace.id, project_id=find_project(ada))
    assert writer is not None
    pipeline.sync_graph(ada)
    assert store.entity(ada.workspace.id, tax) is not None
    release_writer(writer)
    pipeline.sync_graph(ada)
    assert store.entity(ada.workspace.id, tax) is None


def read_waiting(member: Member) -> list[tuple[str, int, Any, str]]:
    with member.scope():
        rows = GraphQueue.objects.exclude(status=Status.COMPLETED).order_by("path")
        return list(rows.values_list("status", "attempts", "run_after", "error_code"))


def test_all_rows_of_a_project_wait_until_its_writer_ends(ada: Member, store: GraphStore) -> None:
    bring_facts(ada, {"shop.py": SHOP, "cart.py": CART})
    project = find_project(ada)
    writer = acquire_writer(workspace_id=ada.workspace.id, project_id=project)
    assert writer is not None
    with ada.scope():
        claim = claim_rows(GraphQueue, workspace_id=ada.workspace.id, size=1)
        until = GraphProject.objects.get(project_id=project).lease_until
    wait_for_writer(claim, workspace_id=ada.workspace.id, project_id=project)
    assert read_waiting(ada) == [("pending", 0, until, "graph_busy")] * 2
    assert pipeline.sync_graph(ada) == 0
    release_writer(writer)
    assert pipeline.sync_graph(ada) == 2


def test_rows_do_not_wait_for_a_writer_that_ended_meanwhile(ada: Member, store: GraphStore) -> None:
    bring_facts(ada, {"shop.py": SHOP})
    project = find_project(ada)
    writer = acquire_writer(workspace_id=ada.workspace.id, project_id=project)
    assert writer is not None
    with ada.scope():
        claim = claim_rows(GraphQueue, workspace_id=ada.workspace.id, size=5)
    release_writer(writer)
    wait_for_writer(claim, workspace_id=ada.workspace.id, project_id=project)
    assert pipeline.sync_graph(ada) == 1


def test_a_claim_of_another_worker_is_left_alone(ada: Member, store: GraphStore) -> None:
    bring_facts(ada, {"shop.py": SHOP, "cart.py": CART})
    with ada.scope():
        mine = claim_rows(GraphQueue, workspace_id=ada.workspace.id, size=1)
        other = claim_rows(GraphQueue, workspace_id=ada.workspace.id, size=1)
    project = find_project(ada)
    assert acquire_writer(workspace_id=ada.workspace.id, project_id=project) is not None
    wait_for_writer(mine, workspace_id=ada.workspace.id, project_id=project)
    with ada.scope():
        assert renew_lease(other, other.ids)
        assert not renew_lease(mine, mine.ids)


def test_facts_are_kept_between_syncs_and_never_older_than_their_rows(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    place = {"workspace_id": ada.workspace.id, "project_id": find_project(ada)}
    first = load_facts(**place)
    bring_facts(ada, {"shop.py": SHOP_WITHOUT_TAX})
    assert first.sure_flow() is not None
    second = load_facts(**place)
    assert second["cart.py"] is first["cart.py"]
    assert (second.flow, second.sure_flow()) == (first.flow, None)
    assert [item.name for item in second["shop.py"].definitions] == ["price"]
    bring_facts(ada, {"cart.py": None})
    assert list(load_facts(**place)) == ["shop.py"]


def start_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what this process knows of projects, as another one would not know it."""
    monkeypatch.setattr(project_facts, "_kept", {})


def test_what_calls_pass_is_known_to_every_process(
    ada: Member, store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    place = {"workspace_id": ada.workspace.id, "project_id": find_project(ada)}
    first = load_facts(**place)
    assert first.flow is not None
    start_anew(monkeypatch)
    second = load_facts(**place)
    assert second is not first
    assert second.sure_flow() == Flow.from_json(first.flow.to_json())
    bring_facts(ada, {"shop.py": SHOP_WITHOUT_TAX})
    start_anew(monkeypatch)
    third = load_facts(**place)
    assert (third.flow, third.sure_flow()) == (second.flow, None)
    monkeypatch.setattr(flows, "FLOW_VERSION", flows.FLOW_VERSION + 1)
    start_anew(monkeypatch)
    assert load_facts(**place).flow is None


def test_a_process_takes_what_another_has_found_since(
    ada: Member, store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    place = {"workspace_id": ada.workspace.id, "project_id": find_project(ada)}
    load_facts(**place)
    with monkeypatch.context() as elsewhere:
        start_anew(elsewhere)
        bring(ada, {"shop.py": SHOP_WITHOUT_TAX})
    assert load_facts(**place).sure_flow() is not None


def test_only_the_writer_says_what_calls_pass(ada: Member, store: GraphStore) -> None:
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    place = {"workspace_id": ada.workspace.id, "project_id": find_project(ada)}
    writer = acquire_writer(**place)
    assert writer is not None
    release_writer(writer)
    save_flow(writer, Flow((), (), {}), found_in="later")
    with ada.scope():
        assert load_flow(place["project_id"], unless="") is not None
        assert GraphProject.objects.get().flow_of == load_facts(**place).seen


def test_a_project_that_does_not_fit_whole_is_kept_packed(
    ada: Member, store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_settings, "GRAPH_KEPT_MB", 1)
    monkeypatch.setattr(project_facts, "WHOLE_KB", 600)
    bring(ada, {"shop.py": SHOP, "cart.py": CART})
    place = {"workspace_id": ada.workspace.id, "project_id": find_project(ada)}
    first = load_facts(**place)
    assert [file.facts.calls for file in first.files.values() if file.packed] == [(), ()]
    bring(ada, {"shop.py": SHOP_WITHOUT_TAX})
    second = load_facts(**place)
    assert second["cart.py"] is first["cart.py"]
    assert rebuild_from_nothing(ada) == checksum(ada)
    monkeypatch.setattr(project_facts, "PACKED_KB", 600)
    start_anew(monkeypatch)
    assert load_facts(**place)["cart.py"] is not load_facts(**place)["cart.py"]


def test_an_edit_where_the_project_was_not_kept_finds_what_calls_pass_for_the_next(
    ada: Member, store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = {"workspace_id": ada.workspace.id}
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(django_settings, "GRAPH_KEPT_MB", 0)
        bring(ada, {"shop.py": SHOP, "cart.py": CART})
        place["project_id"] = find_project(ada)
        with ada.scope():
            GraphProject.objects.update(flow=None, flow_of="")
        found = load_facts(**place)
        assert (found.flow, found["cart.py"].calls) == (None, ())
        assert len(found.unpack("cart.py").calls) == 1
    bring_facts(ada, {"shop.py": f"# A comment moves every line.\n{SHOP}"})
    assert sync(ada) == ["shop.py"]
    assert load_facts(**place).sure_flow() is not None
    assert rebuild_from_nothing(ada) == checksum(ada)
