"""Resolves a project written as a dict of sources and says its edges in words."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from graph.elements import Edge, EdgeType
from graph.parsing import parse_source
from graph.resolver import ResolvedProject, resolve_project

PROJECT = "project"


def resolve(sources: Mapping[str, str]) -> ResolvedProject:
    """Parse and resolve sources by path; their common indentation is dropped."""
    return resolve_project(PROJECT, {path: parse_source(path, dedent(text)) for path, text in sources.items()})


def names_of(project: ResolvedProject) -> dict[str, str]:
    """Return a readable name of each node: its qualified name, with the ordinal of a redefinition."""
    seen: dict[str, int] = {}
    names = {PROJECT: PROJECT}
    ordered = sorted(
        project.nodes, key=lambda node: (str(node.properties.get("path")), node.properties.get("startLine", 0))
    )
    for node in ordered:
        name = str(node.properties["qualifiedName"])
        if node.label == "File":
            name = f"<{node.properties['path']}>"
        count = seen.get(name, 0)
        seen[name] = count + 1
        names[node.uid] = f"{name}#{count}" if count else name
    return names


def edges(sources: Mapping[str, str], kind: EdgeType) -> set[str]:
    """Return the edges of one type as `source -> target`."""
    project = resolve(sources)
    names = names_of(project)
    return {f"{names[edge.source]} -> {names[edge.target]}" for edge in project.edges if edge.type == kind}


def calls(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the method of each CALLS edge by `source -> target`."""
    project = resolve(sources)
    names = names_of(project)
    found = [edge for edge in project.edges if edge.type == EdgeType.CALLS]
    return {f"{names[edge.source]} -> {names[edge.target]}": str(edge.properties["method"]) for edge in found}


def find_edge(project: ResolvedProject, kind: EdgeType, source: str, target: str) -> Edge:
    """Return the one edge of a type between two names."""
    names = names_of(project)
    return next(
        edge
        for edge in project.edges
        if edge.type == kind and (names[edge.source], names[edge.target]) == (source, target)
    )
