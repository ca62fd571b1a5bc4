"""From the facts of all files to the project's part of the graph. Pure: same facts, same rows in the same
order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Protocol

from graph import naming
from graph.collecting import paused_collector
from graph.elements import Edge, EdgeType, Node, NodeLabel, Scalar
from graph.facts import MODULE_SCOPE, Call, FileFacts, Import
from graph.languages.language import Located
from graph.resolver.bindings import NO_DEFINITION
from graph.resolver.calls import CallResolver
from graph.resolver.classes import OUTSIDE
from graph.resolver.flow import FlowEvaluator
from graph.resolver.index import ProjectIndex
from graph.resolver.known_flow import Flow
from graph.resolver.packages import list_mentions
from graph.resolver.values import METHODS


@dataclass(frozen=True, slots=True)
class ResolvedProject:
    """Nodes by uid and edges by (type, source, target); each says by `src_file` which file it stems from."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def resolve_project(
    project_uid: str, files: Mapping[str, FileFacts], *, only: Collection[str] | None = None
) -> ResolvedProject:
    """Return all nodes and edges of a project, or those that stem from `only` these paths."""
    return ProjectResolver(project_uid, files).resolve(only)


class PackedFacts(Protocol):
    """Where a file's facts are read that its skeleton lacks."""

    def unpack(self, path: str) -> FileFacts:
        """Return all facts of a file."""

    def unpack_calls(self, path: str) -> Sequence[Call]:
        """Return the calls of a file."""


class ProjectResolver:
    """Resolves a project whose Project node has the uid `project_uid`; that node is not among the answers.

    `files` may be skeletons: the rest is read from `packed`, and that of one file at a time is in memory.
    `known` is the flow of the whole project as it was resolved before: it saves asking every file for its calls.
    The answer is the same if no file has changed what others see, else nearly so.
    """

    def __init__(
        self,
        project_uid: str,
        files: Mapping[str, FileFacts],
        known: Flow | None = None,
        packed: PackedFacts | None = None,
    ) -> None:
        self._project_uid = project_uid
        self._read = files.__getitem__ if packed is None else packed.unpack
        read_calls = partial(_calls_of, files) if packed is None else packed.unpack_calls
        self._last: tuple[int, FileFacts] | None = None
        with paused_collector():
            self.index = ProjectIndex(files)
            self._evaluator = FlowEvaluator(self.index, read_calls, known)
        self._calls = CallResolver(self.index, self._evaluator)
        self._modules: dict[str, Node] = {}
        self._uids: dict[int, str] = {}
        self._mentioned: tuple[int, Mapping[str, set[str]]] | None = None
        self._labels = [naming.label_of(definition) for definition in self.index.definitions]

    def resolve(self, only: Collection[str] | None = None) -> ResolvedProject:
        """Return what stems from these paths, or from all: the same for a file whichever others are asked for."""
        with paused_collector():
            self._modules = {}
            wanted = [number for number, path in enumerate(self.index.paths) if only is None or path in only]
            nodes: dict[str, Node] = {}
            edges: list[Edge] = []
            for number in wanted:
                nodes.update((node.uid, node) for node in self.nodes_of(number))
                edges += self.edges_of(number)
            nodes.update(self._modules)
            return ResolvedProject(
                nodes=tuple(nodes[uid] for uid in sorted(nodes)),
                edges=tuple(sorted(edges, key=lambda edge: (edge.type, edge.source, edge.target))),
            )

    def forget(self) -> None:
        """Give back most of the memory; what is passed to functions stays, since it costs most to find."""
        self._evaluator.forget()
        self._uids.clear()

    def flow(self) -> Flow:
        """Return what is passed to functions in the whole project, whichever paths were resolved."""
        return self._evaluator.flow()

    def nodes_of(self, file: int) -> Iterator[Node]:
        """Yield the nodes of a file and its definitions."""
        path, facts = self.index.paths[file], self._whole(file)
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
            yield self._defining_edge(file, number)
            if self._labels[number] == NodeLabel.CLASS:
                bases = (*self._evaluator.classes.bases(number), *self._evaluator.extended(number))
                for base in dict.fromkeys(bases):
                    if base not in {OUTSIDE, number}:
                        yield self._edge(EdgeType.INHERITS, file, number - first, base)
            elif definition.kind == "method":
                overridden = self._find_overridden(file, number)
                if overridden != NO_DEFINITION:
                    yield self._edge(EdgeType.OVERRIDES, file, number - first, overridden)

    def _defining_edge(self, file: int, number: int) -> Edge:
        definition, path = self.index.definitions[number], self.index.paths[file]
        owner = self.index.owner(number) if definition.owner else NO_DEFINITION
        if owner == NO_DEFINITION:
            return self._edge(EdgeType.DEFINES, file, definition.parent, number)
        ends = (self._labels[owner], self._uid(owner), self._labels[number], self._uid(number))
        return Edge(EdgeType.DEFINES, *ends, src_file=path)

    def _find_overridden(self, file: int, number: int) -> int:
        definition = self.index.definitions[number]
        if definition.name == self.index.language(file).rules.constructor:
            return NO_DEFINITION
        owner = self.index.owner(number)
        if owner == NO_DEFINITION or "constructor" in definition.modifiers:
            return NO_DEFINITION
        for ancestor in self._evaluator.classes.order(owner)[1:]:
            if ancestor == OUTSIDE:
                continue
            scopes = self.index.own_scopes(ancestor)
            bindings = (item for scope in scopes for item in scope.get(definition.name, ()))
            same = [item.number for item in bindings if item.kind == "definition"]
            if same:
                return same[min(definition.ordinal, len(same) - 1)]
        return NO_DEFINITION

    def _import_edges(self, file: int) -> Iterator[Edge]:
        lines: dict[tuple[NodeLabel, str], set[int]] = defaultdict(set)
        for item in self.index.facts[file].imports:
            for target in self._import_targets(file, item) if item.line else ():
                lines[target].add(item.line)
        source = naming.file_uid(self._project_uid, self.index.paths[file])
        for (label, uid), found in lines.items():
            if uid != source:
                properties = {"lines": _join_lines(found)}
                path = self.index.paths[file]
                yield Edge(EdgeType.IMPORTS, NodeLabel.FILE, source, label, uid, properties, path)

    def _import_targets(self, file: int, item: Import) -> list[tuple[NodeLabel, str]]:
        located = self.index.locate(file, item)
        if located is None:
            is_relative = item.level or item.module.startswith((".", "::"))
            return [] if is_relative else [self._module_target(file, item.module)]
        names = [name for name in item.name.split(".") if name and name != "*"]
        while names and located.folder is not None and not self._defines(located.path, names[0]):
            submodule = self.index.locate_within(file, located.folder, names[0])
            if submodule is None or submodule == located:
                break
            located, names = submodule, names[1:]
        paths = [located.path] if located.path else self._files_used(file, item, located, names)
        return [(NodeLabel.FILE, naming.file_uid(self._project_uid, path)) for path in paths]

    def _files_used(self, file: int, item: Import, located: Located, names: list[str]) -> list[str]:
        """Return the files of an imported package that bind what this file uses of it."""
        if located.package is None:
            return []
        mentions = self._mentions(file)
        used = names[:1] or (mentions if item.name.endswith("*") else mentions.get(item.alias, set()))
        scopes = (self.index.package_scope(file, located.package, name) for name in used)
        return sorted({self.index.paths[binding.file] for scope in scopes for binding in scope})

    def _mentions(self, file: int) -> Mapping[str, set[str]]:
        if self._mentioned is None or self._mentioned[0] != file:
            self._mentioned = (file, list_mentions(self._whole(file)))
        return self._mentioned[1]

    def _defines(self, path: str | None, name: str) -> bool:
        if path is None:
            return False
        bindings = self.index.scope(self.index.file_numbers[path], MODULE_SCOPE).get(name, ())
        return any(binding.kind != "import" for binding in bindings)

    def _module_target(self, file: int, module: str) -> tuple[NodeLabel, str]:
        uid = naming.module_uid(self._project_uid, module)
        if uid not in self._modules:
            properties: dict[str, Scalar] = {"name": module, "qualifiedName": module, "kind": naming.MODULE_KIND}
            self._modules[uid] = Node(NodeLabel.MODULE, uid, properties)
        return NodeLabel.MODULE, uid

    def _call_edges(self, file: int) -> Iterator[Edge]:
        ranks: dict[tuple[int, int], int] = {}
        lines: dict[tuple[int, int], set[int]] = defaultdict(set)
        facts = self._whole(file)
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

    def _whole(self, file: int) -> FileFacts:
        if self._last is None or self._last[0] != file:
            self._last = (file, self._read(self.index.paths[file]))
        return self._last[1]

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


def _calls_of(files: Mapping[str, FileFacts], path: str) -> Sequence[Call]:
    return files[path].calls


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
