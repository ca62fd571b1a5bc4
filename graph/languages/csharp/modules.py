"""Finds the namespace that a C# directive means: what the project's files declare, wherever they lie."""

from __future__ import annotations

from collections.abc import Mapping

from graph.facts import FileFacts
from graph.languages.language import Located

GLOBAL = "<global>"
"""The namespace of what is in none."""


class CSharpLocator:
    """The namespaces of one project's files."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        declared = [facts.package.split(".") for facts in files.values() if facts.package]
        self._names = {".".join(parts[:end]) for parts in declared for end in range(1, len(parts) + 1)}

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return a namespace of the project, also one that only holds others."""
        del from_path, level
        known = module in self._names or module == GLOBAL
        return Located(None, folder=module, package=module) if known else None

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return the namespace `name` inside another."""
        return self.locate("", name if folder == GLOBAL else f"{folder}.{name}", 0)
