"""Follows expressions to what they may be: through scopes, imports, assignments, classes and calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.facts import LITERAL, MODULE_ITSELF, MODULE_SCOPE, UNKNOWN, Definition, Expression, Import
from graph.languages.language import Located
from graph.resolver.classes import OUTSIDE, ClassOrder
from graph.resolver.index import NO_DEFINITION, Binding, ProjectIndex, named
from graph.resolver.memory import DEPTH, Memory
from graph.resolver.values import (
    ANNOTATION,
    EXTERNAL,
    IMPORT,
    LEXICAL,
    LITERAL_VALUE,
    SELF,
    SUPER,
    Value,
    Values,
    is_outside,
    merge,
    weaken,
)

_CLASS_RECEIVERS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
SHARED_ROOT = "::"
_HIDDEN = frozenset({"overload", "setter"})


class Evaluator(Memory):
    """Names, imports and members; what any file may add to is in `SharedEvaluator`, steps in `StepEvaluator`."""

    def __init__(self, index: ProjectIndex) -> None:
        super().__init__()
        self.index = index
        classes = [number for number in range(len(index.definitions)) if index.is_class(number)]
        self.classes = ClassOrder(classes, self._read_bases)
        self._modules: list[Located] = []
        self._module_numbers: dict[Located, int] = {}
        self._extra_bases: dict[int, list[tuple[int, int, Expression]]] = {}

    def evaluate(self, file: int, scope: int, expression: Expression, depth: int = DEPTH) -> Values:
        """Return what an expression in a scope of a file may be."""
        key = (file, scope, expression)
        return self.remember(key, depth, lambda: self._follow(file, scope, expression, depth))

    def evaluate_all(self, file: int, scope: int, expressions: Sequence[Expression], depth: int) -> Values:
        """Return what any of the expressions may be."""
        if len(expressions) < 2:
            return self.evaluate(file, scope, expressions[0], depth) if expressions else ()
        return merge(value for item in expressions for value in self.evaluate(file, scope, item, depth))

    def apply(self, file: int, values: Values, step: str, depth: int) -> Values:
        """Return what the values are one step further."""
        raise NotImplementedError

    def find_reopened(self, file: int, name: str, steps: list[str], depth: int) -> tuple[Values, list[str]]:
        """Return what a name from outside is with the first of its steps, and the other steps."""
        raise NotImplementedError

    def find_implicit(self, file: int, scope: int, name: str, depth: int, *, static: bool) -> Values:
        """Return what a bare name is as a member of the class around it."""
        raise NotImplementedError

    def find_shared(self, file: int, scope: int, name: str, depth: int) -> Values:
        """Return what a name is that the file itself does not bind."""
        raise NotImplementedError

    def find_extended(self, definition: int, name: str, depth: int) -> Values:
        """Return the static method that a class has from a module it extends itself with."""
        raise NotImplementedError

    def passed(self, function: int, position: int) -> Values:
        """Return what calls pass as a parameter of a function, found one level down."""
        raise NotImplementedError

    def find_export(self, file: int, name: str, depth: int) -> Values:
        """Return what other files get when they ask a file for a name."""
        return self.remember(("export", file, name), depth, lambda: self._find_export(file, name, depth))

    def find_submodule(self, file: int, module: Located, name: str) -> Values:
        """Return a package's submodule as a value."""
        if module.folder is None or not self.index.language(file).rules.submodules:
            return ()
        located = self.index.locate_within(file, module.folder, name)
        return (self.module_value(located),) if located else ()

    def find_attribute(self, file: int, module: Located, name: str, depth: int) -> Values:
        """Return an attribute of a module: an export, or a submodule."""
        values: Values = ()
        if module.path is not None:
            values = self.find_export(self.index.file_numbers[module.path], name, depth)
        if module.package is not None:
            values = weaken(self.bound_values(self.index.package_scope(file, module.package, name), depth), IMPORT)
        return values or self.find_submodule(file, module, name)

    def find_member(
        self, definition: int, name: str, depth: int, *, after: int = NO_DEFINITION, static: bool | None = None
    ) -> Values:
        """Return a class's member, looked up along its order (behind the class `after`, for super).

        With `static`, only methods that are so, or are not, count.
        """
        key = ("member", definition, name, after, static)
        return self.remember(key, depth, lambda: self._find_member(definition, name, depth, after, static))

    def module_itself(self, value: Value, depth: int) -> Values:
        """Return what a CommonJS module is: the value of `module.exports`."""
        path = self.module_at(value).path
        own = self.find_export(self.index.file_numbers[path], MODULE_ITSELF, depth - 1) if path else ()
        return merge(
            found
            for item in own
            for found in ((self.module_itself(item, depth - 1) or (item,)) if item.kind == "module" else (item,))
        )

    def module_at(self, value: Value) -> Located:
        """Return the module that a value of kind `module` is."""
        return self._modules[value.key]

    def module_value(self, located: Located) -> Value:
        """Return a module as a value."""
        if located not in self._module_numbers:
            self._module_numbers[located] = len(self._modules)
            self._modules.append(located)
        return Value("module", self._module_numbers[located], IMPORT)

    def import_value(self, file: int, item: Import, depth: int) -> Values:
        """Return what an imported name is."""
        located = self.index.locate(file, item)
        if not item.name and not item.alias:
            located = self.index.locate_module(file, item.module.partition(".")[0])
        if located is None:
            return (EXTERNAL,)
        if not item.name:
            return (self.module_value(located),)
        values: Values = (self.module_value(located),)
        for name in item.name.split("."):
            values = values if name == "*" else self.apply(file, values, name, depth)
        return weaken(values, IMPORT)

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
        return self._find_starred(file, name, depth, exported=False) or None

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

    def _find_export(self, file: int, name: str, depth: int) -> Values:
        facts = self.index.facts[file]
        exports = [item.value for item in facts.exports if item.name == name]
        if exports:
            return self.evaluate_all(file, MODULE_SCOPE, exports, depth - 1)
        passed = [item for item in facts.imports if item.exported and item.alias == name]
        if passed:
            return merge(value for item in passed for value in self.import_value(file, item, depth - 1))
        bindings = self.index.scope(file, MODULE_SCOPE).get(name)
        if bindings:
            return self.bound_values(bindings, depth)
        if name == "default":
            return self.find_export(file, MODULE_ITSELF, depth - 1)
        return self._find_starred(file, name, depth, exported=True)

    def _find_starred(self, file: int, name: str, depth: int, *, exported: bool) -> Values:
        facts = self.index.facts[file]
        if name.startswith("_"):
            return ()
        for item in facts.imports:
            if item.name.endswith("*") and not item.alias and (exported or not item.exported):
                values = self._find_in_star(file, item, name, depth)
                if values:
                    return weaken(values, IMPORT)
        return ()

    def _find_in_star(self, file: int, item: Import, name: str, depth: int) -> Values:
        if self.index.locate(file, item) is None:
            return ()
        found: list[Value] = []
        for value in self.import_value(file, item, depth - 1):
            if value.kind == "module":
                found += self.find_attribute(file, self.module_at(value), name, depth - 1)
            elif value.kind == "class" and self.has_member(value.key, name):
                found += self.apply(file, (value,), name, depth - 1)
        return merge(found)

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
        """Make an extension method a member of what its first parameter is."""
        file = self.index.definition_files[number]
        for parameter in definition.parameters[:1]:
            for value in self.evaluate_all(file, definition.parent, parameter.values, DEPTH):
                if value.kind == "instance":
                    self.index.add_member(number, value.key)

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
