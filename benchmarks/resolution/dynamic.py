"""Compares resolved calls with calls that happen: runs a program and notes who calls whom inside one folder.

Recall is the share of the pairs (caller, callee) seen that are CALLS edges. "Confirmed" is, of the edges whose
every line ran, the share whose callee was then indeed called from there: a lower bound of precision, for a call
that one run does not make may be made by another.

Comprehensions and lambdas count as the function around them, as they do in the graph. Left out are generators as
callees (they run where they are iterated, not where they are called), bodies of classes and modules, and calls
that come back from code outside the folder.
"""

from __future__ import annotations

import inspect
import runpy
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from graph import naming
from graph.elements import Edge, EdgeType, NodeLabel
from graph.facts import Definition, FileFacts
from graph.parsing import parse_source
from graph.resolver import resolve_project

PROJECT = "dynamic"
_LASTS = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR
_EXPLICIT_SPECIAL = frozenset({"__init__", "__new__", "__call__"})


@dataclass(frozen=True)
class Trace:
    """What ran: pairs of code objects, and lines by file name."""

    calls: frozenset[tuple[CodeType, CodeType]]
    lines: Mapping[str, frozenset[int]]


@dataclass(frozen=True)
class Pair:
    """One caller and callee that ran.

    `group` is `property`, `special` (a method that an operator or a statement runs) or `plain`; `method` is how
    the edge was resolved, empty if there is none.
    """

    caller: str
    callee: str
    group: str
    method: str


@dataclass(frozen=True)
class RunEdge:
    """An edge all of whose lines ran."""

    caller: str
    callee: str
    method: str
    was_seen: bool


@dataclass(frozen=True)
class Comparison:
    """All pairs that ran, and all edges that could have been seen."""

    pairs: list[Pair]
    edges: list[RunEdge]


def compare(root: Path, command: Sequence[str]) -> Comparison:
    """Run `command` (a script or `-m module`, then its arguments) and compare what it calls inside `root`."""
    root = root.resolve()
    files = sorted(path for path in root.rglob("*.py") if "__pycache__" not in path.parts)
    texts = {path.relative_to(root.parent).as_posix(): path.read_text(errors="replace") for path in files}
    facts = {path: parse_source(path, text) for path, text in texts.items()}
    project = resolve_project(PROJECT, facts)
    edges = [
        edge for edge in project.edges if edge.type == EdgeType.CALLS and edge.target_label != NodeLabel.CLASS
    ]
    trace = record(root, command)
    return _Comparer(root, facts).compare(edges, trace)


def record(root: Path, command: Sequence[str]) -> Trace:
    """Run a program in this process and return what ran in the files below `root`."""
    is_inside = lru_cache(None)(lambda name: root in Path(name).resolve().parents)
    calls: set[tuple[CodeType, CodeType]] = set()
    lines: dict[str, set[int]] = {}

    def on_line(frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            lines.setdefault(frame.f_code.co_filename, set()).add(frame.f_lineno)
        return on_line

    def on_call(frame: FrameType, _event: str, _argument: Any) -> Any:
        code, caller = frame.f_code, frame.f_back
        if not is_inside(code.co_filename):
            return None
        if caller is not None and is_inside(caller.f_code.co_filename):
            calls.add((caller.f_code, code))
        return on_line

    _run_traced(on_call, command)
    return Trace(frozenset(calls), {str(Path(name).resolve()): frozenset(found) for name, found in lines.items()})


def _run_traced(on_call: Callable[[FrameType, str, Any], Any], command: Sequence[str]) -> None:
    threading.settrace(on_call)
    sys.settrace(on_call)
    try:
        if command[0] == "-m":
            sys.argv = list(command[1:])
            runpy.run_module(command[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = list(command)
            runpy.run_path(command[0], run_name="__main__")
    except SystemExit:
        pass
    finally:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]


class _Comparer:
    """Brings code objects and nodes together by file and line."""

    def __init__(self, root: Path, facts: Mapping[str, FileFacts]) -> None:
        self._folder = root.parent
        self._facts = facts
        self._names: dict[str, str] = {}
        self._definitions: dict[str, Definition] = {}
        for path, found in facts.items():
            self._names[naming.file_uid(PROJECT, path)] = f"<{path}>"
            for item in found.definitions:
                uid = naming.definition_uid(PROJECT, path, item)
                self._names[uid] = naming.qualify(path, item)
                self._definitions[uid] = item

    def compare(self, edges: Sequence[Edge], trace: Trace) -> Comparison:
        """Return the pairs that ran and the edges that could have been seen."""
        methods = {(edge.source, edge.target): str(edge.properties["method"]) for edge in edges}
        seen = {pair for calls in trace.calls if (pair := self._read_pair(*calls))}
        pairs = [
            Pair(
                self._names[caller], self._names[callee], self._group_of(callee), methods.get((caller, callee), "")
            )
            for caller, callee in sorted(seen)
        ]
        generators = {self._uid_of(code) for call in trace.calls for code in call if code.co_flags & _LASTS}
        ran = [edge for edge in edges if edge.target not in generators and self._has_run(edge, trace.lines)]
        return Comparison(
            pairs, [self._read_edge(edge, was_seen=(edge.source, edge.target) in seen) for edge in ran]
        )

    def _read_edge(self, edge: Edge, *, was_seen: bool) -> RunEdge:
        method = str(edge.properties["method"])
        return RunEdge(self._names[edge.source], self._names[edge.target], method, was_seen)

    def _read_pair(self, caller: CodeType, callee: CodeType) -> tuple[str, str] | None:
        if callee.co_name.startswith("<") or callee.co_flags & _LASTS:
            return None
        source, target = self._uid_of(caller), self._uid_of(callee)
        definition = self._definitions.get(target)
        if definition is None or definition.kind == "class" or not source:
            return None
        return source, target

    def _uid_of(self, code: CodeType) -> str:
        path = Path(code.co_filename).resolve().relative_to(self._folder).as_posix()
        facts = self._facts.get(path)
        if facts is None:
            return ""
        if code.co_name == "<module>":
            return naming.file_uid(PROJECT, path)
        line = code.co_firstlineno
        is_folded = code.co_name.startswith("<")
        around = [
            item
            for item in facts.definitions
            if item.start_line <= line <= item.end_line
            and (is_folded or (item.name == code.co_name and item.start_line == line))
        ]
        if not around:
            return naming.file_uid(PROJECT, path) if is_folded else ""
        return naming.definition_uid(PROJECT, path, max(around, key=lambda item: item.start_byte))

    def _group_of(self, uid: str) -> str:
        definition = self._definitions[uid]
        if {"getter", "setter"} & set(definition.modifiers):
            return "property"
        is_special = definition.name.startswith("__") and definition.name not in _EXPLICIT_SPECIAL
        return "special" if is_special else "plain"

    def _has_run(self, edge: Edge, lines: Mapping[str, frozenset[int]]) -> bool:
        ran = lines.get(str(self._folder / str(edge.src_file)), frozenset())
        return all(int(line) in ran for line in str(edge.properties["lines"]).split(","))
