"""What the names of a scope stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

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
