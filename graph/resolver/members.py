"""Members of classes: inherited ones, and those that are written elsewhere."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from functools import partial
from weakref import proxy

from graph.facts import Definition, Expression
from graph.resolver.bindings import NO_DEFINITION, Binding, named
from graph.resolver.classes import OUTSIDE, ClassOrder
from graph.resolver.importing import ImportEvaluator
from graph.resolver.index import ProjectIndex
from graph.resolver.memory import DEPTH
from graph.resolver.values import EXTERNAL, Values


class MemberEvaluator(ImportEvaluator):
    """Adds classes to names and modules."""

    def __init__(self, index: ProjectIndex) -> None:
        super().__init__(index)
        classes = [number for number in range(len(index.definitions)) if index.is_class(number)]
        # Weak: a circle of this size would stay in memory until the collector comes.
        self.classes = ClassOrder(classes, partial(MemberEvaluator._read_bases, proxy(self)))
        self._extra_bases: dict[int, list[tuple[int, int, Expression]]] = {}

    @abstractmethod
    def find_extended(self, definition: int, name: str, depth: int) -> Values:
        """Return the static method that a class has from a module it extends itself with."""

    def find_member(
        self, definition: int, name: str, depth: int, *, after: int = NO_DEFINITION, static: bool | None = None
    ) -> Values:
        """Return a class's member, looked up along its order (behind the class `after`, for super).

        With `static`, only methods that are so, or are not, count.
        """
        key = ("member", definition, name, after, static)
        return self.remember(key, depth, lambda: self._find_member(definition, name, depth, after, static))

    def _find_member(self, definition: int, name: str, depth: int, after: int, static: bool | None) -> Values:
        order = self.classes.order(definition)
        start = order.index(after) + 1 if after in order else 0
        for ancestor in order[start:]:
            bindings = [item for item in self._own_member(ancestor, name) if self._fits(item, static)]
            if bindings:
                return self.bound_values(bindings, depth)
            extended = self.find_extended(ancestor, name, depth) if static else ()
            if extended:
                return extended
        return (EXTERNAL,) if OUTSIDE in order[start:] else ()

    def _fits(self, binding: Binding, static: bool | None) -> bool:
        if static is None or binding.kind != "definition" or self.index.is_class(binding.number):
            return True
        return ("static" in self.index.definitions[binding.number].modifiers) == static

    def has_member(self, definition: int, name: str) -> bool:
        """Whether a class or one of its ancestors binds this member, whatever it may be."""
        return any(self._own_member(ancestor, name) for ancestor in self.classes.order(definition))

    def member_names(self, definition: int, prefix: str) -> list[str]:
        """Return the names of a class's members, inherited ones too, that begin with `prefix`."""
        own = (item for item in self.classes.order(definition) if item != OUTSIDE)
        bodies = (self.index.own_scopes(item)[0] for item in own)
        return sorted({name for body in bodies for name in body if name.startswith(prefix)})

    def _own_member(self, definition: int, name: str) -> list[Binding]:
        if definition == OUTSIDE:
            return []
        return [binding for scope in self.index.own_scopes(definition) for binding in named(scope, name)]

    def attach_distant(self) -> None:
        """Join methods and bases that are written elsewhere to their classes; what was remembered on the way did
        not know them yet."""
        for number, definition in enumerate(self.index.definitions):
            if definition.owner:
                file = self.index.definition_files[number]
                for value in self.evaluate(file, definition.parent, definition.owner)[:1]:
                    if value.kind == "class":
                        self.index.attach(number, value.key)
            elif "extension" in definition.modifiers:
                self._attach_to_parameter(number, definition)
        for file, facts in enumerate(self.index.facts):
            for extension in facts.extensions:
                for value in self.evaluate(file, extension.scope, extension.owner)[:1]:
                    bases = [(file, extension.scope, base) for base in extension.bases]
                    self._extra_bases.setdefault(value.key, []).extend(bases if value.kind == "class" else [])
        self.forget()

    def _attach_to_parameter(self, number: int, definition: Definition) -> None:
        """Make an extension method a member of what its first parameter is; other types are not the project's."""
        file = self.index.definition_files[number]
        types = definition.parameters[0].values if definition.parameters else ()
        classes = [
            value.key
            for value in self.evaluate_all(file, definition.parent, types, DEPTH)
            if value.kind == "instance"
        ]
        for owner in classes:
            self.index.add_member(number, owner)
        if not classes:
            self.index.foreign_extensions[definition.name].append(number)

    def _list_bases(self, definition: int) -> Iterator[tuple[int, int, Expression]]:
        for part in self.index.parts.all(definition):
            definer = self.index.definitions[part]
            for expression in definer.bases:
                yield self.index.definition_files[part], definer.parent, expression
        yield from self._extra_bases.get(definition, ())

    def _read_bases(self, definition: int) -> tuple[int, ...]:
        neutral = self.index.language(self.index.definition_files[definition]).rules.neutral_bases
        with self.apart(level=0):
            return self._evaluate_bases(definition, neutral)

    def _evaluate_bases(self, definition: int, neutral: frozenset[str]) -> tuple[int, ...]:
        bases: dict[int, None] = {}
        for file, scope, expression in self._list_bases(definition):
            if expression.rpartition(".")[2] in neutral:
                continue
            values = self.evaluate(file, scope, expression)
            own = (item for value in values if value.kind == "module" for item in self.module_itself(value, DEPTH))
            classes = (value for value in (*values, *own) if value.kind in {"class", "cls"})
            found = [value.key for value in classes if value.key != definition]
            bases.update(dict.fromkeys(found or [OUTSIDE]))
        return tuple(bases)
