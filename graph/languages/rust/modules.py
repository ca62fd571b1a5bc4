"""Finds the file that is a Rust module: `name.rs` or `name/mod.rs` below its parent, crates by their Cargo.toml.

A module's "folder" is its file's path: what lies within it follows from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from graph.facts import FileFacts
from graph.languages.language import Located

_NAME = re.compile(r"^\[package\](?:(?!^\[).)*?^\s*name\s*=\s*[\"']([^\"']+)", re.MULTILINE | re.DOTALL)
_ROOT_NAMES = frozenset({"lib.rs", "main.rs", "build.rs"})
_ROOT_FOLDERS = frozenset({"bin", "tests", "examples", "benches"})


def read_manifest(text: str) -> str:
    """Return the name by which code knows the crate that a Cargo.toml declares."""
    found = _NAME.search(text)
    return found.group(1).replace("-", "_") if found else ""


class RustLocator:
    """The modules of one project's files."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self._paths = frozenset(files)
        self._crates: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        for path, facts in sorted(files.items()):
            self._add_children(path, facts)
            if path.endswith("Cargo.toml") and facts.package:
                folder = path.removesuffix("Cargo.toml")
                roots = (f"{folder}src/lib.rs", f"{folder}src/main.rs")
                root = next((item for item in roots if item in self._paths), None)
                if root is not None:
                    self._crates.setdefault(facts.package, root)

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return what a path's first part means: `crate`, `self`, `super.super`, `mod.name`, a module, a crate."""
        del level
        first, _, rest = module.partition(".")
        if first == "mod":
            return self.locate_within(from_path, rest)
        if first == "crate":
            return self._located(self._find_root(from_path))
        if first == "self":
            return self._located(from_path)
        if first == "super":
            path: str | None = from_path
            for _ in module.split("."):
                path = self._find_parent(path) if path else None
            return self._located(path)
        return self.locate_within(from_path, module) or self._located(self._crates.get(module))

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return the module `name` of the module whose file is `folder`."""
        base = _children_folder(folder)
        found = (path for path in (f"{base}{name}.rs", f"{base}{name}/mod.rs") if path in self._paths)
        return self._located(next(found, None))

    def _add_children(self, path: str, facts: FileFacts) -> None:
        for item in facts.imports:
            child = self.locate_within(path, item.module[4:]) if item.module.startswith("mod.") else None
            if child is not None and child.path is not None:
                self._parents.setdefault(child.path, path)

    def _located(self, path: str | None) -> Located | None:
        return Located(path, folder=path) if path else None

    def _find_root(self, path: str) -> str:
        parent = self._find_parent(path)
        return self._find_root(parent) if parent else path

    def _find_parent(self, path: str) -> str | None:
        """Return the file that declares a module, else the one that lies where it should."""
        if path in self._parents or _is_root(path):
            return self._parents.get(path)
        return next((item for item in _possible_parents(path) if item in self._paths), None)


def _is_root(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return name in _ROOT_NAMES or (folder.rpartition("/")[2] in _ROOT_FOLDERS and name != "mod.rs")


def _children_folder(path: str) -> str:
    """Return the folder of a file's modules, with its slash."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}" if name == "mod.rs" or _is_root(path) else f"{path.removesuffix('.rs')}/"


def _possible_parents(path: str) -> Iterator[str]:
    folder, slash, name = path.rpartition("/")
    if name == "mod.rs":
        folder, slash, _ = folder.rpartition("/")
    for parent in ("mod.rs", "lib.rs", "main.rs"):
        if parent != name or folder != path.rpartition("/")[0]:
            yield f"{folder}{slash}{parent}"
    if folder:
        yield f"{folder}.rs"
