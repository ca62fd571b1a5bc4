"""Follows expressions to what they may be: names in their scopes, assignments, parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from graph.facts import LITERAL, MODULE_SCOPE, UNKNOWN, Expression, Import
from graph.resolver.bindings import NO_DEFINITION, Binding, named
from graph.resolver.index import ProjectIndex
from graph.resolver.memory import DEPTH, Memory
from graph.resolver.values import (
    ANNOTATION,
    EXTERNAL,
    IMPORT,
    LEXICAL,
    LITERAL_VALUE,
    SELF,
    SUPER,
    UNIQUE,
    Value,
    Values,
    is_outside,
    merge,
    weaken,
)

_CLASS_RECEIVERS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
SHARED_ROOT = "::"
_HIDDEN = frozenset({"overload", "setter"})


class Evaluator(Memory, ABC):
    """Names; the classes below add imports, members, what any file may add to, steps and the flow of arguments."""

    def __init__(self, index: ProjectIndex) -> None:
        super().__init__()
        self.index = index

    def evaluate(self, file: int, scope: int, expression: Expression, depth: int = DEPTH) -> Values:
        """Return what an expression in a scope of a file may be."""
        key = (file, scope, expression)
        return self.remember(key, depth, lambda: self._follow(file, scope, expression, depth))

    def evaluate_all(self, file: int, scope: int, expressions: Sequence[Expression], depth: int) -> Values:
        """Return what any of the expressions may be."""
        if len(expressions) < 2:
            return self.evaluate(file, scope, expressions[0], depth) if expressions else ()
        return merge(value for item in expressions for value in self.evaluate(file, scope, item, depth))

    @abstractmethod
    def apply(self, file: int, values: Values, step: str, depth: int) -> Values:
        """Return what the values are one step further."""

    @abstractmethod
    def find_reopened(self, file: int, name: str, steps: list[str], depth: int) -> tuple[Values, list[str]]:
        """Return what a name from outside is with the first of its steps, and the other steps."""

    @abstractmethod
    def find_implicit(self, file: int, scope: int, name: str, depth: int, *, static: bool) -> Values:
        """Return what a bare name is as a member of the class around it."""

    @abstractmethod
    def find_shared(self, file: int, scope: int, name: str, depth: int) -> Values:
        """Return what a name is that the file itself does not bind."""

    @abstractmethod
    def import_value(self, file: int, item: Import, depth: int) -> Values:
        """Return what an imported name is."""

    @abstractmethod
    def find_starred(self, file: int, name: str, depth: int, *, exported: bool) -> Values:
        """Return what a name is by an import of all names; the exported ones are others' names only."""

    @abstractmethod
    def passed(self, function: int, position: int) -> Values:
        """Return what calls pass as a parameter of a function, found one level down."""

    def _follow(self, file: int, scope: int, expression: Expression, depth: int) -> Values:
        root, *steps = expression.split(".")
        if not steps:
            return self._find_root(file, scope, root, depth)
        values = self.evaluate(file, scope, root, depth)
        if values == (EXTERNAL,) and self.index.language(file).rules.shared:
            values, steps = self.find_reopened(file, root, steps, depth)
        for step in steps:
            values = self.apply(file, values, step, depth)
        return values

    def _find_root(self, file: int, scope: int, name: str, depth: int) -> Values:
        if name == LITERAL:
            return (LITERAL_VALUE,)
        if name == UNKNOWN:
            return ()
        if name.startswith(SHARED_ROOT):
            qualified = name.removeprefix(SHARED_ROOT).replace(SHARED_ROOT, ".")
            bindings = self.index.find_shared(file, qualified)
            return weaken(self.bound_values(bindings, depth), IMPORT) if bindings else (EXTERNAL,)
        found = self._find_name(file, scope, name, depth)
        if found is not None and name not in {"Self", "super", "this"}:
            return found
        rules = self.index.language(file).rules
        owner = self.index.enclosing_class(file, scope)
        if owner != NO_DEFINITION and name == rules.super_name:
            return (Value("super", owner, SUPER),)
        if owner != NO_DEFINITION and (name == "Self" or (name == "this" and not rules.explicit_self)):
            return (Value("cls" if name == "Self" or self.is_static(file, scope) else "self", owner, SELF),)
        only = self.index.only_class(file, name) if rules.unseen_imports else NO_DEFINITION
        if only != NO_DEFINITION:
            return (Value("class", only, UNIQUE),)
        is_outside = rules.closed or name in rules.builtins or (rules.shared and name[:1].isupper())
        return (EXTERNAL,) if is_outside else ()

    def is_static(self, file: int, scope: int) -> bool:
        """Whether a scope has no instance: in a static method, or in none where static ones are apart."""
        method = self.index.enclosing_method(file, scope)
        if method == NO_DEFINITION:
            return self.index.language(file).rules.static_apart
        return "static" in self.index.definitions[method].modifiers

    def _find_name(self, file: int, scope: int, name: str, depth: int) -> Values | None:
        rules = self.index.language(file).rules
        if rules.implicit_members:
            found = self._find_around(file, scope, name, depth)
            if found is not None:
                return found
        else:
            for names in self.index.visible_scopes(file, scope):
                bindings = named(names, name)
                if bindings:
                    return self.bound_values(bindings, depth)
        if rules.shared:
            return self.find_shared(file, scope, name, depth) or None
        return self.find_starred(file, name, depth, exported=False) or None

    def _find_around(self, file: int, scope: int, name: str, depth: int) -> Values | None:
        """Return what a name is where members of the classes around need no receiver."""
        definitions = self.index.facts[file].definitions
        rules = self.index.language(file).rules
        static = self.is_static(file, scope)
        current = scope
        while current != MODULE_SCOPE:
            kind = definitions[current].kind
            is_class = self.index.is_class(self.index.first_definitions[file] + current)
            visible = not is_class or kind in rules.lexical_kinds or (rules.class_body_binds and current == scope)
            found = named(self.index.scope(file, current), name) if visible else []
            bindings = [item for item in found if not self.is_method(item)]
            if bindings:
                return self.bound_values(bindings, depth)
            values = self.find_implicit(file, current, name, depth, static=static)
            if values:
                return values
            current = definitions[current].parent
        bindings = named(self.index.scope(file, MODULE_SCOPE), name)
        return self.bound_values(bindings, depth) if bindings else None

    def is_method(self, binding: Binding) -> bool:
        """Whether a binding is that of a method."""
        return binding.kind == "definition" and self.index.definitions[binding.number].kind == "method"

    def bound_values(self, bindings: Sequence[Binding], depth: int) -> Values:
        """Return what a name with these bindings may be."""
        if len(bindings) == 1:
            return self._bound(bindings[0], depth)
        return merge(value for binding in self._visible(bindings) for value in self._bound(binding, depth))

    def _visible(self, bindings: Sequence[Binding]) -> Sequence[Binding]:
        """Leave out overloads and setters, which never are what the name stands for, unless all are."""
        plain = [item for item in bindings if item.kind != "definition" or not self._is_hidden(item.number)]
        return plain or bindings

    def _is_hidden(self, definition: int) -> bool:
        return not _HIDDEN.isdisjoint(self.index.definitions[definition].modifiers)

    def _bound(self, binding: Binding, depth: int) -> Values:
        facts = self.index.facts[binding.file]
        if binding.kind == "definition":
            is_class = self.index.is_class(binding.number)
            number = self.index.parts.first(binding.number)
            return (Value("class" if is_class else "function", number, LEXICAL),)
        if binding.kind == "import":
            return self.import_value(binding.file, facts.imports[binding.number], depth - 1)
        if binding.kind == "assignment":
            return self._find_assigned(binding, depth - 1)
        return self._find_parameter(binding, depth)

    def _find_assigned(self, binding: Binding, depth: int) -> Values:
        """Return what was assigned; `name = name` in a class body takes the name from around the class."""
        facts = self.index.facts[binding.file]
        assignment = facts.assignments[binding.number]
        scope = assignment.origin
        if assignment.target in assignment.values and scope != MODULE_SCOPE:
            scope = facts.definitions[scope].parent
        return self.evaluate_all(binding.file, scope, assignment.values, depth)

    def _find_parameter(self, binding: Binding, depth: int) -> Values:
        function = self.index.facts[binding.file].definitions[binding.scope]
        rules = self.index.language(binding.file).rules
        if binding.number == 0 and function.kind == "method" and rules.explicit_self:
            owner = self.index.owner(self.index.first_definitions[binding.file] + binding.scope)
            if owner == NO_DEFINITION:
                return (EXTERNAL,)
            if "class" in function.modifiers or function.name in _CLASS_RECEIVERS:
                return (Value("cls", owner, SELF),)
            if "static" not in function.modifiers:
                return (Value("self", owner, SELF),)
        parameter = function.parameters[binding.number]
        annotated = self.declared(binding.file, binding.scope, parameter.values, depth - 1)
        if annotated or rules.closed:
            return weaken(annotated, ANNOTATION)
        default = self.evaluate_all(binding.file, function.parent, parameter.defaults, depth - 1)
        number = self.index.first_definitions[binding.file] + binding.scope
        return merge((*weaken(default, ANNOTATION), *self.passed(number, binding.number)))

    def declared(self, file: int, scope: int, types: Sequence[Expression], depth: int) -> Values:
        """Return what the types in a function's head are: as its surroundings know them, else as itself does (its
        type parameters, `Self`)."""
        outer = self.evaluate_all(file, self.index.facts[file].definitions[scope].parent, types, depth)
        if not self.index.language(file).rules.closed or (outer and not any(map(is_outside, outer))):
            return outer
        return self.evaluate_all(file, scope, types, depth) or outer
