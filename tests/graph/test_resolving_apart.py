"""Resolving some files of a project gives what the whole project gives for them, in every language, also with the
flow that is known from before."""

from __future__ import annotations

from importlib import import_module
from textwrap import dedent

import orjson
import pytest

from graph.elements import EdgeType
from graph.parsing import parse_source
from graph.resolver import Flow, ProjectResolver, resolve_project

_LANGUAGES = ["c", "cpp", "csharp", "go", "java", "javascript", "php", "ruby", "rust", "typescript"]
"""Python has such a test of its own, with more in it."""


def write_and_read(flow: Flow) -> Flow:
    return Flow.from_json(orjson.loads(orjson.dumps(flow.to_json())))


@pytest.mark.parametrize("language", _LANGUAGES)
def test_a_file_resolved_alone_has_the_edges_it_has_in_the_whole(language: str) -> None:
    sources = import_module(f"tests.graph.test_resolving_{language}").PROJECT
    facts = {path: parse_source(path, dedent(text)) for path, text in sources.items()}
    resolver = ProjectResolver("p", facts)
    whole = resolver.resolve()
    for path in reversed(facts):
        own = tuple(edge for edge in whole.edges if edge.src_file == path)
        assert resolve_project("p", facts, only={path}).edges == own
        assert ProjectResolver("p", facts, resolver.flow()).resolve({path}).edges == own
        assert ProjectResolver("p", facts, write_and_read(resolver.flow())).resolve({path}).edges == own


def test_a_flow_that_was_written_says_what_it_said() -> None:
    """A project with modules, containers and bound methods among what is passed."""
    texts = {
        "work.py": "def work(module, many, named, method):\n    module.run()\n    many[0].save()\n    method()\n",
        "main.py": (
            "import tools, work\nfrom shop import Shop\nwork.work(tools, [Shop()], {'a': [Shop()]}, Shop().load)\n"
        ),
        "shop.py": "class Shop:\n    def save(self): pass\n    def load(self): pass\n",
        "tools.py": "def run(): pass\n",
    }
    facts = {path: parse_source(path, text) for path, text in texts.items()}
    resolver = ProjectResolver("p", facts)
    whole = resolver.resolve()
    assert sum(edge.type == EdgeType.CALLS and edge.src_file == "work.py" for edge in whole.edges) == 3
    read = write_and_read(resolver.flow())
    assert write_and_read(read) == read
    assert ProjectResolver("p", facts, read).resolve() == whole


def test_known_flow_holds_in_a_project_that_has_changed() -> None:
    texts = {
        "shop.py": "class Shop:\n    def run(self): pass\n",
        "work.py": "def work(shop, many, module):\n    shop.run()\n    many[0].run()\n    module.close()\n",
        "main.py": "import work, shop, tools\nwork.work(shop.Shop(), [shop.Shop(), 1], tools)\n",
        "tools.py": "def close(): pass\n",
    }
    before = ProjectResolver("p", {path: parse_source(path, text) for path, text in texts.items()})
    before.resolve()
    texts["shop.py"] = f"def early(): pass\n{texts['shop.py']}"
    texts["work.py"] += "def more(shop):\n    shop.run()\n"
    facts = {path: parse_source(path, text) for path, text in texts.items()}
    whole = resolve_project("p", facts, only={"work.py"})
    assert ProjectResolver("p", facts, before.flow()).resolve({"work.py"}) == whole
    assert sum(edge.type == EdgeType.CALLS for edge in whole.edges) == 2
    del facts["tools.py"]
    assert ProjectResolver("p", facts, before.flow()).resolve({"work.py"}).edges != whole.edges
