"""Resolves the facts of a project's files into nodes and edges."""

from graph.resolver.known_flow import Flow
from graph.resolver.project import ProjectResolver, ResolvedProject, resolve_project

__all__ = ["Flow", "ProjectResolver", "ResolvedProject", "resolve_project"]
