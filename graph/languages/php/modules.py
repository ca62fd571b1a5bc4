"""Finds the file that PHP includes by path; what `use` names is found by its declared namespace."""

from __future__ import annotations

import posixpath
from collections.abc import Collection

from graph.languages.language import Located

BY_PATH = 1
"""The level of an import that is a path."""


class IncludeLocator:
    """The includes of one project's files."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = frozenset(paths)

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return the included file: beside the file, or from the project's root."""
        if level != BY_PATH:
            return None
        folder = from_path.rpartition("/")[0]
        tried = (posixpath.normpath(posixpath.join(base, module)) for base in (folder, ""))
        return next((Located(path) for path in tried if path in self._paths), None)

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return nothing: folders are no packages here."""
        del folder, name
        return None
