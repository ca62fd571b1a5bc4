"""Finds the file that a JavaScript or TypeScript import means: relative paths, extensions, index files, `@/`
aliases."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

from graph.languages.language import Located

_EXTENSIONS = (".ts", ".tsx", ".mts", ".cts", ".d.ts", ".js", ".jsx", ".mjs", ".cjs")
_COMPILED = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
_ALIASES = ("@/", "~/", "src/")


class JavaScriptLocator:
    """The imports of one project's files."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = frozenset(paths)

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return the file that `module` means in `from_path`; there are no leading dots to count."""
        del level
        folder = from_path.rpartition("/")[0]
        for base in _candidate_bases(folder, module):
            path = self._find_file(base)
            if path is not None and path != from_path:
                return Located(path)
        return None

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return nothing: folders are no packages here."""
        del folder, name
        return None

    def _find_file(self, base: str) -> str | None:
        stem, extension = posixpath.splitext(base)
        compiled = (stem + source for source in _COMPILED.get(extension, ()))
        tried = (
            base,
            *compiled,
            *(base + item for item in _EXTENSIONS),
            *(f"{base}/index{item}" for item in _EXTENSIONS),
        )
        return next((path.removeprefix("/") for path in tried if path.removeprefix("/") in self._paths), None)


def _candidate_bases(folder: str, module: str) -> Iterator[str]:
    if module.startswith("."):
        joined = posixpath.normpath(posixpath.join(folder, module))
        if not joined.startswith(".."):
            yield "" if joined == "." else joined
        return
    alias = next((alias for alias in _ALIASES if module.startswith(alias)), None)
    if alias is None:
        return
    rest = module.removeprefix(alias)
    while True:
        yield posixpath.join(folder, "src", rest)
        if alias != "src/":
            yield posixpath.join(folder, rest)
        if not folder:
            return
        folder = folder.rpartition("/")[0]
