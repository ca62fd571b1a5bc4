"""Code objects: one a definition with the graph's uid, and the file's own outline."""

from __future__ import annotations

from graph.codeobjects import describe_definitions
from graph.elements import NodeLabel
from graph.parsing import parse_source
from graph.resolver import resolve_project

SOURCE = '''"""Module words."""
import os

LIMIT = 3


class Store:
    """Keeps."""

    size = 1

    def save(self, item):
        def inner():
            return "é"
        return inner()


print(LIMIT)
'''


def test_uids_are_those_of_the_graph() -> None:
    facts = parse_source("pkg/store.py", SOURCE)
    objects = describe_definitions("p", "pkg/store.py", facts, SOURCE)
    nodes = {node.uid: node for node in resolve_project("p", {"pkg/store.py": facts}).nodes}
    mine = {item.uid: item for item in objects}
    assert {uid for uid, node in nodes.items() if node.label != NodeLabel.MODULE} == set(mine)
    for uid, item in mine.items():
        assert nodes[uid].properties["qualifiedName"] == item.qualified_name
        assert nodes[uid].properties["startLine"] == item.start_line


def test_a_function_has_its_source_and_containers_only_their_own() -> None:
    facts = parse_source("pkg/store.py", SOURCE)
    objects = {item.qualified_name: item for item in describe_definitions("p", "pkg/store.py", facts, SOURCE)}
    assert list(objects) == ["pkg.store", "pkg.store.Store", "pkg.store.Store.save", "pkg.store.Store.save.inner"]
    assert objects["pkg.store"].text == '"""Module words."""\nimport os\nLIMIT = 3\nprint(LIMIT)'
    assert objects["pkg.store"].docstring == "Module words."
    assert objects["pkg.store.Store"].text == 'class Store:\n    """Keeps."""\n    size = 1'
    assert objects["pkg.store.Store.save"].text.startswith("def save(self, item):\n        def inner()")
    assert objects["pkg.store.Store.save.inner"].text == 'def inner():\n            return "é"'


def test_a_file_that_is_not_parsed_is_searchable_unless_binary() -> None:
    (notes,) = describe_definitions("p", "notes.txt", parse_source("notes.txt", "hello\n"), "hello\n")
    (blob,) = describe_definitions("p", "blob.py", parse_source("blob.py", "\x00"), "\x00")
    assert (notes.kind, notes.text) == ("file", "hello\n")
    assert blob.text == ""
