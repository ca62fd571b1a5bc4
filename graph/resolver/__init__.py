"""Resolves the facts of a project's files into nodes and edges."""

from graph.resolver.known_flow import FLOW_VERSION, Flow
from graph.resolver.project import ProjectResolver, ResolvedProject, resolve_project

__all__ = ["FLOW_VERSION", "Flow", "ProjectResolver", "ResolvedProject", "resolve_project"]
