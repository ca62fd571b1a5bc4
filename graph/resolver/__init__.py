"""Resolves the facts of a project's files into nodes and edges."""

from graph.resolver.project import ResolvedProject, resolve_project

__all__ = ["ResolvedProject", "resolve_project"]
