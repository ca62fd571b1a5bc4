"""Finds the package that a Go import means: a folder, below the module that the nearest `go.mod` names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graph.facts import FileFacts
from graph.languages.language import Located

_MODULE = re.compile(r"^\s*module\s+\"?([^\s\"]+)", re.MULTILINE)


def name_package(path: str, declared: str) -> str:
    """Return the name of a file's package: its folder and what it declares, so that outside tests are apart."""
    return f"{path.rpartition('/')[0]} {declared}"


def read_manifest(text: str) -> str:
    """Return the module path that a go.mod declares."""
    found = _MODULE.search(text)
    return found.group(1) if found else ""


class GoLocator:
    """The imports of one project's files."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self._files = files
        self._packages: dict[str, str] = {}
        self._roots: list[tuple[str, str]] = []
        for path, facts in sorted(files.items()):
            folder = path.rpartition("/")[0]
            if not path.endswith(".go"):
                self._roots.append((facts.package, folder))
            elif facts.package and not facts.package.endswith("_test"):
                self._packages.setdefault(folder, name_package(path, facts.package))
        self._roots.sort(key=lambda root: (-len(root[0]), root[1]))

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return the package of an import path, or that of the file itself (`.`)."""
        del level
        if module == ".":
            return Located(None, package=name_package(from_path, self._files[from_path].package))
        package = self._packages.get(self._find_folder(module))
        return Located(None, package=package) if package else None

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return nothing: a package is no name inside another."""
        del folder, name
        return None

    def _find_folder(self, module: str) -> str:
        """Return a package's folder; without a go.mod that covers it, the one whose path the import ends with."""
        for name, root in self._roots:
            if module == name or module.startswith(f"{name}/"):
                return "/".join(part for part in (root, module[len(name) + 1 :]) if part)
        _, slash, rest = module.partition("/")
        while slash and not self._roots:
            if rest in self._packages:
                return rest
            _, slash, rest = rest.partition("/")
        return module
