"""Scores the resolver on PyCG's micro-benchmark: small programs, each with the call graph it must give.

A case is sound if no expected edge is missing and complete if no edge is there that is not expected. Their
names are ours (`module.Class.function`) but for these:

- A call of a class is an edge to the class and one to its `__init__`; they have only the second, so edges to
  classes are left out. Edges to redefinitions of one name are one edge.
- A lambda that is bound to a name is a function of that name; they number lambdas in each scope, `<lambda1>`.
- We have no nodes for functions outside the project. An expected edge to a builtin, to a method of a builtin
  type or into a module that is not in the case's folder can thus never be found. It counts as missing in
  "all edges" and is left out in "first-party edges".
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.elements import EdgeType, Node, NodeLabel
from graph.facts import FileFacts
from graph.naming import name_module
from graph.parsing import parse_source
from graph.resolver import resolve_project

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Score:
    """What is wrong with one case; `missing` and `unseen` (edges that leave the project) are expected."""

    category: str
    name: str
    missing: Pairs
    unseen: Pairs
    extra: Pairs


def score_folder(folder: Path) -> list[Score]:
    """Score every case below a folder; raise FileNotFoundError if there is none."""
    cases = sorted(path.parent for path in folder.rglob("callgraph.json"))
    if not cases:
        raise FileNotFoundError(f"There is no callgraph.json in {folder}.")
    return [score_case(case) for case in cases]


def score_case(case: Path) -> Score:
    """Score one folder with its `callgraph.json`."""
    sources = {path.relative_to(case).as_posix(): path.read_text() for path in sorted(case.rglob("*.py"))}
    expected = _read_expected(case / "callgraph.json")
    modules = {name_module(path) for path in sources}
    own = frozenset(pair for pair in expected if _is_inside(pair[1], modules))
    found = find_calls(sources)
    return Score(case.parent.name, case.name, own - found, expected - own, found - expected)


def find_calls(sources: Mapping[str, str]) -> Pairs:
    """Return the call edges of a project in PyCG's names."""
    facts = {path: parse_source(path, text) for path, text in sources.items()}
    project = resolve_project("case", facts)
    names = _name_nodes(project.nodes, facts)
    return frozenset(
        (names[edge.source], names[edge.target])
        for edge in project.edges
        if edge.type == EdgeType.CALLS and edge.target_label != NodeLabel.CLASS
    )


def _read_expected(path: Path) -> Pairs:
    graph: Mapping[str, list[str]] = json.loads(path.read_text())
    return frozenset((caller, callee) for caller, callees in graph.items() for callee in callees)


def _is_inside(name: str, modules: Iterable[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def _name_nodes(nodes: Iterable[Node], facts: Mapping[str, FileFacts]) -> dict[str, str]:
    lambdas = {
        (path, item.start_line, item.qualified_name)
        for path, found in facts.items()
        for item in found.definitions
        if "lambda" in item.modifiers
    }
    counts: Counter[str] = Counter()
    names = {}
    for node in sorted(nodes, key=lambda node: (str(node.properties.get("path")), _line_of(node))):
        name = str(node.properties["qualifiedName"])
        key = (node.properties.get("path"), _line_of(node), name.rpartition(".")[2])
        if key in lambdas:
            scope = name.rpartition(".")[0]
            counts[scope] += 1
            name = f"{scope}.<lambda{counts[scope]}>"
        names[node.uid] = name
    return names


def _line_of(node: Node) -> int:
    return int(node.properties.get("startLine") or 0)
