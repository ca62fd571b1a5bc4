"""What one source file says, without knowing any other file: the resolver's only input.

Facts are immutable, free of the file's path, and round-trip through JSON, so that they are kept in Postgres
and a project is resolved again without being parsed again.

An *expression* is a dotted string: a root and the steps taken from it. The root is an identifier, `#` (a
literal), `?` (unknown) or a name of the whole project (`::A::B`); `name()` is what is defined or imported by a
name, where variables do not hide that. A step is an attribute name, or one of

    ()    called            []    subscripted        <>    iterated
    @     an instance of the type so far             with  entered as a context manager
    {}    a sequence of what is so far               {:}   a mapping to what is so far
    [:]   a slice of the sequence so far             x*    any attribute whose name begins with x

so `self.pool.().run` is `run` of what `self.pool()` returns and `User.@.{}` is a list of `User` instances.
Brackets may hold a constant key: `[1]`, `['name']`, and so `{1}` and `{'name':}` hold what they hold there. A
slice may have bounds: `[1:3]`, `[1:]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PARSER_VERSION = 3

Expression = str
UNKNOWN: Expression = "?"
FUNCTION_ARGUMENT: Expression = "->"
"""An argument that is a function written in place, or with a number a type of functions: `->2` takes two."""
LITERAL: Expression = "#"
ARITY_MARK = "`"
"""Stands before the number of a class's type parameters, where that is part of its name: a modifier."""
MODULE_SCOPE = -1
MODULE_ITSELF = "="
"""The export that stands for a CommonJS module's own value."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `values` is what its annotation says that it may be, `defaults` what its default says.

    `kind` is `*` or `**` for one that takes the rest, `=` for one that is only passed by name.
    """

    name: str
    values: tuple[Expression, ...] = ()
    defaults: tuple[Expression, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A class, function or method. `parent` is an index into the file's definitions, or `MODULE_SCOPE`.

    `qualified_name` is within the module. Lines count from 1, `end_byte` is exclusive; bytes are of the UTF-8
    text. `returns` is what the annotation says, `returned` what the return and yield statements say. `owner` is
    the class of a method that is written outside of it.
    """

    kind: str
    name: str
    qualified_name: str
    ordinal: int
    parent: int
    signature: str
    docstring: str
    start_line: int
    end_line: int
    start_byte: int
    end_byte: int
    modifiers: tuple[str, ...] = ()
    decorators: tuple[Expression, ...] = ()
    bases: tuple[Expression, ...] = ()
    returns: tuple[Expression, ...] = ()
    returned: tuple[Expression, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    owner: Expression = ""


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `alias` is the local name.

    `name` is the name asked of the module, empty for the module itself, `*` for all its names; it may be dotted.
    With `exported` the name is passed on without being bound here. Line 0: the language implies the import.
    """

    scope: int
    module: str
    name: str
    alias: str
    level: int
    line: int
    exported: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """`target` (a name, or an attribute of one) may be any of `values`; none of them known leaves it only
    bound. The values are what they are in the scope `origin`, which differs where an outer name is changed."""

    scope: int
    target: Expression
    values: tuple[Expression, ...]
    origin: int


@dataclass(frozen=True, slots=True)
class Export:
    """A name that other files see, where that differs from the module's own names."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Extension:
    """The class `owner` also has these bases, as is said in `scope` outside of it."""

    scope: int
    owner: Expression
    bases: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    """What is passed as the parameter `name`: a name, or a position that counts from 0."""

    name: str
    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`callee` is called on `line`, inside the definition `scope`, with the arguments that may matter.

    `count` is the number of all arguments, where overloads are told apart by it, else -1.
    """

    scope: int
    callee: Expression
    line: int
    arguments: tuple[Argument, ...] = ()
    count: int = -1


@dataclass(frozen=True, slots=True)
class FileFacts:
    """All facts of a file. A mark says why they may be partial: see `MARKS`.

    `implied` are calls that no parentheses show: an attribute that is read may be a property, and a statement
    or an operator may run a special method. `package` is what the file declares to share its names with, if the
    language has that.
    """

    language: str
    lines: int
    docstring: str = ""
    marks: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    imports: tuple[Import, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    exports: tuple[Export, ...] = ()
    calls: tuple[Call, ...] = ()
    implied: tuple[Call, ...] = ()
    extensions: tuple[Extension, ...] = ()
    package: str = ""
    version: int = PARSER_VERSION

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready object: rows as lists, which keeps a large project's facts small."""
        return {
            "version": self.version,
            "language": self.language,
            "lines": self.lines,
            "docstring": self.docstring,
            "marks": list(self.marks),
            "definitions": [_definition_row(item) for item in self.definitions],
            "imports": [[i.scope, i.module, i.name, i.alias, i.level, i.line, i.exported] for i in self.imports],
            "assignments": [[item.scope, item.origin, item.target, *item.values] for item in self.assignments],
            "exports": [[item.name, item.value] for item in self.exports],
            "calls": [_call_row(item) for item in self.calls],
            "implied": [_call_row(item) for item in self.implied],
            "extensions": [[item.scope, item.owner, *item.bases] for item in self.extensions],
            "package": self.package,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> FileFacts:
        """Rebuild the facts that `to_json` wrote."""
        return cls(
            language=value["language"],
            lines=value["lines"],
            docstring=value["docstring"],
            marks=tuple(value["marks"]),
            definitions=tuple(_read_definition(row) for row in value["definitions"]),
            imports=tuple(Import(*row) for row in value["imports"]),
            assignments=tuple(Assignment(row[0], row[2], tuple(row[3:]), row[1]) for row in value["assignments"]),
            exports=tuple(Export(*row) for row in value["exports"]),
            calls=calls_of(value),
            implied=tuple(_read_call(row) for row in value["implied"]),
            extensions=tuple(Extension(row[0], row[1], tuple(row[2:])) for row in value["extensions"]),
            package=value["package"],
            version=value["version"],
        )


MARKS: Mapping[str, str] = {
    "parse_error": "Some of the file does not parse: its facts are partial.",
    "too_large": "The file is larger than what is parsed.",
    "minified": "The file is generated or minified and is not parsed.",
    "binary": "The file is not text.",
    "unknown_language": "No grammar for this kind of file.",
    "too_nested": "Brackets are nested so deeply that parsing could end the process.",
    "timeout": "Parsing took too long and was ended.",
    "crashed": "The parser itself failed on this file.",
}


def calls_of(value: Mapping[str, Any]) -> tuple[Call, ...]:
    """Return the calls alone of what `to_json` wrote."""
    return tuple(_read_call(row) for row in value["calls"])


def skeleton_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `to_json` wrote without calls, docstrings, signatures and places of definitions.

    That is more than half of it, and nothing by which names are found.
    """
    definitions = [[[*names[:-2], "", ""], _NOWHERE, *rest] for names, _, *rest in value["definitions"]]
    return {**value, "docstring": "", "definitions": definitions, "calls": (), "implied": ()}


_NOWHERE = (0, 0, 0, 0)


def _definition_row(item: Definition) -> list[Any]:
    place = [item.start_line, item.end_line, item.start_byte, item.end_byte]
    names = [item.kind, item.name, item.qualified_name, item.ordinal, item.parent, item.signature, item.docstring]
    lists = [item.modifiers, item.decorators, item.bases, item.returns, item.returned]
    parameters = [
        [parameter.name, parameter.kind, list(parameter.values), list(parameter.defaults)]
        for parameter in item.parameters
    ]
    return [names, place, [list(values) for values in lists], parameters, item.owner]


def _read_definition(row: list[Any]) -> Definition:
    names, place, lists, parameters, owner = row
    read = tuple(
        Parameter(name, tuple(values), tuple(defaults), kind) for name, kind, values, defaults in parameters
    )
    return Definition(*[*names, *place, *map(tuple, lists), read, owner])


def _call_row(item: Call) -> list[Any]:
    given = ([argument.name, *argument.values] for argument in item.arguments)
    return [item.scope, item.callee, item.line, item.count, *given]


def _read_call(row: list[Any]) -> Call:
    scope, callee, line, count, *arguments = row
    return Call(scope, callee, line, tuple(Argument(given[0], tuple(given[1:])) for given in arguments), count)
