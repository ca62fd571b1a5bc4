"""What the names of a scope stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from graph.facts import FileFacts, Import

NO_DEFINITION = -1


class Binding(NamedTuple):
    """One way a name is bound: `number` is that of the definition, import, assignment or parameter."""

    kind: Literal["definition", "import", "assignment", "parameter"]
    file: int
    scope: int
    number: int


Scope = Mapping[str, list[Binding]]
EMPTY_SCOPE: Scope = {}


def named(scope: Scope, name: str) -> list[Binding]:
    """Return the bindings of a name; those of `name()` leave out variables."""
    if not name.endswith("()"):
        return scope.get(name, [])
    return [item for item in scope.get(name[:-2], ()) if item.kind in {"definition", "import"}]


def bind_names(file: int, facts: FileFacts, names: Sequence[str], first: int) -> list[Scope]:
    """Return the scopes of a file: the module's, then that of each definition.

    `names` are what the definitions bind, `first` is the number of the first of them.
    """
    scopes: list[dict[str, list[Binding]]] = [{} for _ in range(len(facts.definitions) + 1)]
    for scope, (definition, name) in enumerate(zip(facts.definitions, names, strict=True)):
        if "assigned" not in definition.modifiers and not definition.owner:
            binding = Binding("definition", file, definition.parent, first + scope)
            scopes[definition.parent + 1].setdefault(name, []).append(binding)
        for position, parameter in enumerate(definition.parameters):
            binding = Binding("parameter", file, scope, position)
            scopes[scope + 1].setdefault(parameter.name, []).append(binding)
    for number, item in enumerate(facts.imports):
        name = _imported_name(item)
        if name:
            scopes[item.scope + 1].setdefault(name, []).append(Binding("import", file, item.scope, number))
    for number, assignment in enumerate(facts.assignments):
        if "." not in assignment.target:
            binding = Binding("assignment", file, assignment.scope, number)
            scopes[assignment.scope + 1].setdefault(assignment.target, []).append(binding)
    return list(scopes)


def _imported_name(item: Import) -> str:
    if item.exported:
        return ""
    return item.alias or ("" if item.name else item.module.partition(".")[0])
