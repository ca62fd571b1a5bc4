"""Finds the file that an `#include` means: beside the file, else in the nearest folder that leads to it."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Collection

from graph.languages.language import Located

_HEADER_FOLDERS = frozenset({"", "include", "inc", "src", "source", "lib"})


class IncludeLocator:
    """The includes of one project's files."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = frozenset(paths)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in sorted(paths):
            self._by_name[path.rpartition("/")[2]].append(path)

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return the included file; `level` is 1 for quotes, 0 for angle brackets."""
        folder = from_path.rpartition("/")[0]
        beside = posixpath.normpath(posixpath.join(folder, module))
        if level and beside in self._paths:
            return Located(beside)
        wanted = posixpath.normpath(module)
        if wanted.startswith("..") or not module:
            return None
        found = [path for path in self._by_name[wanted.rpartition("/")[2]] if self._leads_to(path, wanted, level)]
        return (
            Located(min(found, key=lambda path: (-_shared_depth(path, from_path), len(path), path)))
            if found
            else None
        )

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return nothing: folders are no packages here."""
        del folder, name
        return None

    def _leads_to(self, path: str, wanted: str, level: int) -> bool:
        if path != wanted and not path.endswith("/" + wanted):
            return False
        root = path.removesuffix(wanted).rstrip("/").rpartition("/")[2]
        return bool(level) or "/" in wanted or root in _HEADER_FOLDERS


def _shared_depth(one: str, other: str) -> int:
    return len(posixpath.commonprefix([one.split("/"), other.split("/")]))
