"""Property values, uids and paths: what comes back as it was, and what is refused because no store can hold it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from graph.store import GraphStore
from graph.store.model import FileGraph, WriteOutcome, Written
from supastate.errors import PermanentError
from tests.graph.store.cast import LOAD, MAIN, PROJECT, calls, file_node, file_uid, function


def write(store: GraphStore, workspace_id: UUID, *files: FileGraph) -> WriteOutcome:
    return store.write_files(workspace_id, project=PROJECT, epoch=1, files=files)


@pytest.mark.parametrize(
    "value",
    [
        "naïve 漢字 🎉 \u2028 \u200b",
        'it\'s "quoted" `ticked`',
        "back\\slash \\\\ \\n \\u0041 \\",
        "line\none\ttab\r\nend",
        "\x01\x1f\x7f",
        "$rows {} [] // /* */ CYPHER a=1 MATCH (n) DETACH DELETE n",
        "",
        "x" * 200_000,
        True,
        False,
        0,
        -(2**63),
        2**63 - 1,
        0.1,
        -2.5e-7,
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_value_comes_back_as_it_was(store: GraphStore, workspace_id: UUID, value: str | float) -> None:
    node = function("src/app.py", "main", value=value)
    looped = replace(calls(node, node), properties={"method": str(value)})
    write(store, workspace_id, FileGraph("src/app.py", (node,), (looped,)))
    found = store.entity(workspace_id, node.uid)
    assert found is not None
    assert found.properties["value"] == value
    assert type(found.properties["value"]) is type(value)


def test_what_no_store_can_hold_is_replaced_or_refused(store: GraphStore, workspace_id: UUID) -> None:
    odd = function("a.py", "f", doc="a\x00b\ud800c")
    write(store, workspace_id, FileGraph("a.py", (odd,)))
    found = store.entity(workspace_id, odd.uid)
    assert found is not None
    assert found.text("doc") == "a\ufffdb\ufffdc"
    for value in (float("nan"), float("inf"), 2**63):
        with pytest.raises(PermanentError) as refused:
            write(store, workspace_id, FileGraph("a.py", (function("a.py", "f", value=value),)))
        assert refused.value.error_code == "invalid_property"


def test_a_property_that_the_store_keeps_itself_is_refused(store: GraphStore, workspace_id: UUID) -> None:
    with pytest.raises(PermanentError) as refused:
        write(store, workspace_id, FileGraph("a.py", (function("a.py", "f", epoch=7),)))
    assert refused.value.error_code == "invalid_property"


@pytest.mark.parametrize("uid", ["", " a", "a ", "a/b", "é", "x" * 129])
def test_a_uid_that_is_not_url_safe_is_refused(store: GraphStore, workspace_id: UUID, uid: str) -> None:
    with pytest.raises(PermanentError) as refused:
        write(store, workspace_id, FileGraph("a.py", (replace(MAIN, uid=uid, src_file="a.py"),)))
    assert refused.value.error_code == "invalid_uid"
    store.ping()


def test_a_file_cannot_write_what_another_owns(store: GraphStore, workspace_id: UUID) -> None:
    with pytest.raises(PermanentError) as refused:
        write(store, workspace_id, FileGraph("a.py", (MAIN,)))
    assert refused.value.error_code == "foreign_node"
    with pytest.raises(PermanentError) as refused:
        write(store, workspace_id, FileGraph("a.py", (), (calls(MAIN, LOAD),)))
    assert refused.value.error_code == "foreign_edge"


def test_paths_are_told_apart_to_the_last_character(store: GraphStore, workspace_id: UUID) -> None:
    paths = ["a.py", "A.py", "a.py ", " a.py", "a,b.py", "a", "b.py", "a*", "*", "a|b.py", "{a}.py", "@x:a.py"]
    paths += [
        "sp ace.py",
        "é.py",
        "e\u0301.py",
        "ß.py",
        "ss.py",
        "q'\"`.py",
        "back\\slash.py",
        "-",
        "%",
        "1",
        "1.0",
    ]
    write(store, workspace_id, *(FileGraph(path, (file_node(path),)) for path in paths))
    left = set(paths)
    for path in paths:
        outcome = store.write_files(workspace_id, project=PROJECT, epoch=1, files=[FileGraph(path)])
        left.remove(path)
        assert outcome == Written(removed=1), path
        assert {at for at in paths if store.entity(workspace_id, file_uid(at))} == left
