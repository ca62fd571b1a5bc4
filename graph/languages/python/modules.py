"""Finds the file that a Python import means.

The import path is not known, so package roots are inferred: a folder can be a root if it is not itself inside
a package, and it counts for a file if it holds the file, holds a package, or is a place that projects put on
the path.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection

from graph.languages.language import Located, all_folders

_SOURCE_FOLDERS = frozenset({"", "src", "lib", "python"})
_SUFFIXES = (".py", ".pyi", "/__init__.py", "/__init__.pyi")


class PythonLocator:
    """The imports of one project's files."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = frozenset(paths)
        self._folders = all_folders(paths)
        self._packages = frozenset(
            path.rpartition("/")[0] for path in paths if path.endswith(("__init__.py", "__init__.pyi"))
        )
        self._setup_folders = frozenset(path.rpartition("/")[0] for path in paths if path.endswith("setup.py"))
        self._roots_by_top = self._find_roots()
        self._known: dict[tuple[str, str], Located | None] = {}

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return what `module` means in `from_path`; `level` counts the leading dots."""
        folder = from_path.rpartition("/")[0]
        if level:
            return self._locate_relative(folder, module, level)
        if (folder, module) not in self._known:
            self._known[folder, module] = self._locate_absolute(folder, module)
        return self._known[folder, module]

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return the submodule `name` of a package folder."""
        return self._at(_join(folder, name.replace(".", "/")))

    def _locate_relative(self, folder: str, module: str, level: int) -> Located | None:
        parts = folder.split("/") if folder else []
        if level - 1 > len(parts):
            return None
        base = "/".join(parts[: len(parts) - (level - 1)])
        return self._at(_join(base, module.replace(".", "/"))) if module else self._package_at(base)

    def _locate_absolute(self, folder: str, module: str) -> Located | None:
        top = module.partition(".")[0]
        roots = self._roots_by_top.get(top, ())
        best = sorted(
            roots, key=lambda root: (-_shared_depth(root, folder), not _holds(root, folder), len(root), root)
        )
        for root in best:
            if self._counts(root, top, folder):
                found = self._at(_join(root, module.replace(".", "/")))
                if found:
                    return found
        return None

    def _counts(self, root: str, top: str, folder: str) -> bool:
        if _holds(root, folder) and root not in self._packages:
            return True
        if top in sys.stdlib_module_names:
            return False
        is_package = _join(root, top) in self._packages
        return is_package or root in _SOURCE_FOLDERS or root in self._setup_folders

    def _find_roots(self) -> dict[str, list[str]]:
        roots: dict[str, set[str]] = defaultdict(set)
        for path in self._paths:
            root, _, name = path.rpartition("/")
            if not root or root not in self._packages:
                roots[name.rpartition(".")[0]].add(root)
        for folder in self._folders - {""}:
            root, _, name = folder.rpartition("/")
            if not root or root not in self._packages:
                roots[name].add(root)
        return {name: sorted(folders) for name, folders in roots.items()}

    def _at(self, base: str) -> Located | None:
        for suffix in _SUFFIXES[2:] + _SUFFIXES[:2]:
            if base + suffix in self._paths:
                return Located(base + suffix, base if suffix.startswith("/") else None)
        return Located(None, base) if base and base in self._folders else None

    def _package_at(self, folder: str) -> Located | None:
        for name in ("__init__.py", "__init__.pyi"):
            if _join(folder, name) in self._paths:
                return Located(_join(folder, name), folder)
        return Located(None, folder) if folder in self._folders else None


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _holds(root: str, folder: str) -> bool:
    return not root or folder == root or folder.startswith(root + "/")


def _shared_depth(root: str, folder: str) -> int:
    shared = 0
    for one, other in zip(root.split("/"), folder.split("/"), strict=False):
        if one != other:
            break
        shared += 1
    return shared
