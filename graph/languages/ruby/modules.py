"""Finds the file that a `require` means: relative to the file, else in the nearest folder that is loaded from."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Collection

from graph.languages.language import Located

_LOAD_FOLDERS = frozenset({"lib", "test", "spec", "app", "src"})


class RequireLocator:
    """The requires of one project's files."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = frozenset(paths)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in sorted(paths):
            self._by_name[path.rpartition("/")[2]].append(path)

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return the required file; `level` is 1 for `require_relative`."""
        wanted = module if module.endswith(".rb") else module + ".rb"
        if level or wanted.startswith("."):
            path = posixpath.normpath(posixpath.join(from_path.rpartition("/")[0], wanted))
            return Located(path) if path in self._paths else None
        found = [path for path in self._by_name[wanted.rpartition("/")[2]] if _is_loaded_from(path, wanted)]
        return Located(min(found, key=lambda path: (-_shared_depth(path, from_path), path))) if found else None

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return nothing: folders are no packages here."""
        del folder, name
        return None


def _is_loaded_from(path: str, wanted: str) -> bool:
    root = path.removesuffix(wanted)
    return root != path and (not root or root.rstrip("/").rpartition("/")[2] in _LOAD_FOLDERS)


def _shared_depth(one: str, other: str) -> int:
    return len(posixpath.commonprefix([one.split("/"), other.split("/")]))
