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
        self._files = files
        declared = [facts.package.split(".") for facts in files.values() if facts.package]
        self._names = {".".join(parts[:end]) for parts in declared for end in range(1, len(parts) + 1)}

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return a namespace of the project, by its name or else as the file sees it; it may only hold others."""
        del level
        around = self._files[from_path].package.split(".") if from_path in self._files else []
        inside = (".".join([*around[:end], module]) for end in range(len(around), 0, -1))
        found = next((name for name in (module, *inside) if name in self._names or name == GLOBAL), None)
        return Located(None, folder=found, package=found) if found else None

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return the namespace `name` inside another."""
        return self.locate("", name if folder == GLOBAL else f"{folder}.{name}", 0)
