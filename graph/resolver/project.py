"""From the facts of all files to the project's part of the graph. Pure: same facts, same rows in the same
order."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from graph import naming
from graph.elements import Edge, EdgeType, Node, NodeLabel, Scalar
from graph.facts import MODULE_SCOPE, FileFacts, Import
from graph.resolver.calls import CallResolver
from graph.resolver.classes import OUTSIDE
from graph.resolver.flow import FlowEvaluator
from graph.resolver.index import NO_DEFINITION, ProjectIndex
from graph.resolver.values import METHODS


@dataclass(frozen=True, slots=True)
class ResolvedProject:
    """Nodes by uid and edges by (type, source, target); each says by `src_file` which file it stems from."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def resolve_project(
    project_uid: str, files: Mapping[str, FileFacts], *, only: Collection[str] | None = None
) -> ResolvedProject:
    """Return all nodes and edges of a project but its Project node, whose uid is `project_uid`.

    With `only`, return those that stem from these paths: the same as the whole project would give for them.
    """
    with _paused_collector():
        return _resolve(project_uid, files, only)


def _resolve(project_uid: str, files: Mapping[str, FileFacts], only: Collection[str] | None) -> ResolvedProject:
    resolver = _ProjectResolver(project_uid, ProjectIndex(files))
    wanted = [number for number, path in enumerate(resolver.index.paths) if only is None or path in only]
    nodes = {node.uid: node for number in wanted for node in resolver.nodes_of(number)}
    edges = [edge for number in wanted for edge in resolver.edges_of(number)]
    nodes.update(resolver.modules)
    return ResolvedProject(
        nodes=tuple(nodes[uid] for uid in sorted(nodes)),
        edges=tuple(sorted(edges, key=lambda edge: (edge.type, edge.source, edge.target))),
    )


@contextmanager
def _paused_collector() -> Iterator[None]:
    """Resolving makes millions of small objects and no cycles: looking for some costs a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _ProjectResolver:
    def __init__(self, project_uid: str, index: ProjectIndex) -> None:
        self.index = index
        self.modules: dict[str, Node] = {}
        self._project_uid = project_uid
        self._evaluator = FlowEvaluator(index)
        self._calls = CallResolver(index, self._evaluator)
        self._uids: dict[int, str] = {}
        self._labels = [naming.label_of(definition) for definition in index.definitions]

    def nodes_of(self, file: int) -> Iterator[Node]:
        """Yield the nodes of a file and its definitions."""
        path, facts = self.index.paths[file], self.index.facts[file]
        yield Node(NodeLabel.FILE, naming.file_uid(self._project_uid, path), _file_properties(path, facts), path)
        first = self.index.first_definitions[file]
        for number, definition in enumerate(facts.definitions, start=first):
            properties: dict[str, Scalar] = {
                "name": definition.name,
                "qualifiedName": naming.qualify(path, definition),
                "kind": definition.kind,
                "path": path,
                "startLine": definition.start_line,
                "endLine": definition.end_line,
                "signature": definition.signature,
                "language": facts.language,
            }
            yield Node(self._labels[number], self._uid(number), properties, path)

    def edges_of(self, file: int) -> Iterator[Edge]:
        """Yield the edges that stem from a file, each (type, source, target) once."""
        path = self.index.paths[file]
        yield Edge(
            *(EdgeType.CONTAINS, NodeLabel.PROJECT, self._project_uid),
            *(NodeLabel.FILE, naming.file_uid(self._project_uid, path)),
            src_file=path,
        )
        yield from self._definition_edges(file)
        yield from self._import_edges(file)
        yield from self._call_edges(file)

    def _definition_edges(self, file: int) -> Iterator[Edge]:
        first = self.index.first_definitions[file]
        for number, definition in enumerate(self.index.facts[file].definitions, start=first):
            yield self._edge(EdgeType.DEFINES, file, definition.parent, number)
            if self._labels[number] == NodeLabel.CLASS:
                for base in self._evaluator.classes.bases(number):
                    if base != OUTSIDE:
                        yield self._edge(EdgeType.INHERITS, file, number - first, base)
            elif definition.kind == "method":
                overridden = self._find_overridden(file, number)
                if overridden != NO_DEFINITION:
                    yield self._edge(EdgeType.OVERRIDES, file, number - first, overridden)

    def _find_overridden(self, file: int, number: int) -> int:
        definition = self.index.definitions[number]
        if definition.name == self.index.language(file).rules.constructor:
            return NO_DEFINITION
        owner = self.index.first_definitions[file] + definition.parent
        for ancestor in self._evaluator.classes.order(owner)[1:]:
            if ancestor == OUTSIDE:
                continue
            scope = self.index.scope(self.index.definition_files[ancestor], self.index.local_number(ancestor))
            same = [item.number for item in scope.get(definition.name, ()) if item.kind == "definition"]
            if same:
                return same[min(definition.ordinal, len(same) - 1)]
        return NO_DEFINITION

    def _import_edges(self, file: int) -> Iterator[Edge]:
        lines: dict[tuple[NodeLabel, str], set[int]] = defaultdict(set)
        for item in self.index.facts[file].imports:
            target = self._import_target(file, item)
            if target is not None:
                lines[target].add(item.line)
        source = naming.file_uid(self._project_uid, self.index.paths[file])
        for (label, uid), found in lines.items():
            if uid != source:
                properties = {"lines": _join_lines(found)}
                path = self.index.paths[file]
                yield Edge(EdgeType.IMPORTS, NodeLabel.FILE, source, label, uid, properties, path)

    def _import_target(self, file: int, item: Import) -> tuple[NodeLabel, str] | None:
        located = self.index.locate(file, item)
        if located is None:
            return None if item.level or item.module.startswith(".") else self._module_target(file, item.module)
        path = located.path
        if item.name and item.name != "*" and located.folder is not None:
            submodule = self.index.locate_within(file, located.folder, item.name)
            if submodule is not None and submodule.path and not self._defines(path, item.name):
                path = submodule.path
        return (NodeLabel.FILE, naming.file_uid(self._project_uid, path)) if path else None

    def _defines(self, path: str | None, name: str) -> bool:
        if path is None:
            return False
        bindings = self.index.scope(self.index.file_numbers[path], MODULE_SCOPE).get(name, ())
        return any(binding.kind != "import" for binding in bindings)

    def _module_target(self, file: int, module: str) -> tuple[NodeLabel, str]:
        uid = naming.module_uid(self._project_uid, module)
        if uid not in self.modules:
            properties: dict[str, Scalar] = {"name": module, "qualifiedName": module, "kind": naming.MODULE_KIND}
            self.modules[uid] = Node(NodeLabel.MODULE, uid, properties)
        return NodeLabel.MODULE, uid

    def _call_edges(self, file: int) -> Iterator[Edge]:
        ranks: dict[tuple[int, int], int] = {}
        lines: dict[tuple[int, int], set[int]] = defaultdict(set)
        facts = self.index.facts[file]
        made = ((call, self._calls.targets(file, call)) for call in facts.calls)
        implied = ((call, self._calls.implied_targets(file, call)) for call in facts.implied)
        for call, targets in chain(made, implied):
            for definition, rank in targets:
                key = (call.scope, definition)
                ranks[key] = min(rank, ranks.get(key, rank))
                lines[key].add(call.line)
        for (scope, definition), rank in ranks.items():
            method, confidence = METHODS[rank]
            yield self._edge(
                *(EdgeType.CALLS, file, scope, definition),
                properties={
                    "confidence": confidence,
                    "method": method,
                    "lines": _join_lines(lines[scope, definition]),
                },
            )

    def _uid(self, number: int) -> str:
        if number not in self._uids:
            path = self.index.paths[self.index.definition_files[number]]
            self._uids[number] = naming.definition_uid(self._project_uid, path, self.index.definitions[number])
        return self._uids[number]

    def _edge(
        self, kind: EdgeType, file: int, scope: int, target: int, properties: Mapping[str, Scalar] | None = None
    ) -> Edge:
        path = self.index.paths[file]
        if scope == MODULE_SCOPE:
            label, source = NodeLabel.FILE, naming.file_uid(self._project_uid, path)
        else:
            number = self.index.first_definitions[file] + scope
            label, source = self._labels[number], self._uid(number)
        return Edge(kind, label, source, self._labels[target], self._uid(target), properties or {}, path)


def _file_properties(path: str, facts: FileFacts) -> dict[str, Scalar]:
    return {
        "name": path.rpartition("/")[2],
        "qualifiedName": naming.name_module(path),
        "kind": naming.FILE_KIND,
        "path": path,
        "startLine": 1,
        "endLine": facts.lines,
        "language": facts.language,
        "marks": ",".join(facts.marks),
    }


def _join_lines(lines: set[int]) -> str:
    return ",".join(map(str, sorted(lines)))
