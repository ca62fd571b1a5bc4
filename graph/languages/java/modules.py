"""Finds the package that a Java import means: what the project's files declare, wherever they lie."""

from __future__ import annotations

from collections.abc import Mapping

from graph.facts import FileFacts
from graph.languages.language import Located


class JavaLocator:
    """The imports of one project's files."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self._packages = frozenset(facts.package for facts in files.values() if facts.package)

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return a package of the project."""
        del from_path, level
        return Located(None, package=module) if module in self._packages else None

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return nothing: a package is no name inside another."""
        del folder, name
        return None
