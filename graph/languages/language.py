"""What a language is to the graph: a grammar with its query, an extractor of facts, and rules for the resolver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import tree_sitter

from graph.facts import FileFacts

Captures = Mapping[str, list[tree_sitter.Node]]


@dataclass(frozen=True, slots=True)
class Located:
    """Where an import leads inside the project: a file, a folder without one of its own (Python), or a package
    whose names are those of several files."""

    path: str | None
    folder: str | None = None
    package: str | None = None


class Locator(Protocol):
    """Finds the file that an import means, among all paths of the project."""

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return the imported file, or None for a module outside the project."""
        ...

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return the submodule `name` of a package folder."""
        ...


class NoLocator:
    """For languages whose imports are not known."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        del files

    def locate(self, from_path: str, module: str, level: int) -> Located | None:
        """Return nothing."""
        return None

    def locate_within(self, folder: str, name: str) -> Located | None:
        """Return nothing."""
        return None


@dataclass(frozen=True, slots=True)
class Rules:
    """How names behave in a language."""

    constructor: str
    """The method that runs when a class is called."""
    explicit_self: bool
    """The first parameter of a method is its receiver (else it is `this`)."""
    class_body_binds: bool
    """A class body's own statements see the names it binds."""
    lexical_kinds: frozenset[str]
    """Kinds of class whose names everything inside them sees (TypeScript's namespaces)."""
    neutral_bases: frozenset[str]
    """Bases that bring no methods of their own worth knowing."""
    submodules: bool
    """`package.module` is reachable as an attribute of the package."""
    builtins: frozenset[str]
    """Names that are bound everywhere and lead outside the project."""
    common_methods: frozenset[str]
    """Method names of the language's own types: never guessed by name alone."""
    shared: bool = False
    """Qualified names hold in the whole project, and importing `*` brings all that the other file imports too."""
    reopened_kinds: frozenset[str] = frozenset()
    """Kinds of definition that are one however often they are written; others of one name are rivals."""
    static_apart: bool = False
    """Static methods are found on classes only, all others on instances only."""
    super_name: str = "super"
    """How a method calls the part of its object that its class inherits."""
    implicit_members: bool = False
    """A bare name may be a member, also an inherited one, of a class around it."""
    closed: bool = False
    """A name that nothing in the project binds leads outside of it: every name is declared or imported."""
    unseen_imports: bool = False
    """The build may import for all files: a name that a file does not know means the only class that has it."""
    guesses: bool = True
    """The method of an unknown receiver is guessed, if only one class of the project has one of its name."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """A tree-sitter grammar (its C pointer) and the query files that fit it."""

    grammar: object
    queries: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """One folder under `graph/languages/`."""

    name: str
    extensions: tuple[str, ...]
    rules: Rules
    dialect: Callable[[str], Dialect]
    """Return the grammar and queries for files of this extension."""
    extract: Callable[[tree_sitter.Node, bytes, Captures], FileFacts]
    """Turn a syntax tree, its text and the query's captures into facts."""
    make_locator: Callable[[Mapping[str, FileFacts]], Locator]
    """Make the finder of imports for all files of a project."""
    family: str
    """Languages of one family import each other's files."""
    prepare: Callable[[bytes], bytes] = bytes
    """Return a text of the same length without what no grammar can know (C's macros in declarations)."""
    claims: Callable[[str, str], bool] | None = None
    """Whether a file with another language's extension is of this one: asked with extension and text."""
    name_package: Callable[[str, str], str] = lambda _path, declared: declared
    """Return the name of the package that a file of this path adds its names to, by what it declares."""
    manifests: frozenset[str] = frozenset()
    """Names of files (`go.mod`) that say how the language's modules are called."""
    read_manifest: Callable[[str], str] = str
    """Return the module that a manifest's text declares: its facts' `package`."""


@lru_cache(maxsize=64)
def load_grammar(language: Language, extension: str) -> tuple[tree_sitter.Parser, tree_sitter.Query]:
    """Return the parser and the compiled query for files of this extension, once a process."""
    dialect = language.dialect(extension)
    grammar = tree_sitter.Language(dialect.grammar)
    text = "\n".join(path.read_text(encoding="utf-8") for path in dialect.queries)
    return tree_sitter.Parser(grammar), tree_sitter.Query(grammar, text)


def words(*lines: str) -> frozenset[str]:
    """Return the words of all lines: the readable way to write long sets of names."""
    return frozenset(word for line in lines for word in line.split())


def all_folders(paths: Iterable[str]) -> frozenset[str]:
    """Return every folder that holds, at any depth, one of the paths (`""` is the root)."""
    folders = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return frozenset(folders)
