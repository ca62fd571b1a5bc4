"""Follows expressions to what they may be: through scopes, imports, assignments, classes and calls."""

from __future__ import annotations

from collections.abc import Sequence

from graph.facts import LITERAL, MODULE_ITSELF, MODULE_SCOPE, UNKNOWN, Expression, Import
from graph.languages.language import Located
from graph.resolver.classes import OUTSIDE, ClassOrder
from graph.resolver.index import NO_DEFINITION, Binding, ProjectIndex
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
    merge,
    weaken,
)

_CLASS_RECEIVERS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
_HIDDEN = frozenset({"overload", "setter"})


class Evaluator(Memory):
    """Names, imports and members; the steps of an expression are in `StepEvaluator`."""

    def __init__(self, index: ProjectIndex) -> None:
        super().__init__()
        self.index = index
        classes = [number for number in range(len(index.definitions)) if index.is_class(number)]
        self.classes = ClassOrder(classes, self._read_bases)
        self._modules: list[Located] = []
        self._module_numbers: dict[Located, int] = {}

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
        return values or self.find_submodule(file, module, name)

    def find_member(self, definition: int, name: str, depth: int, *, after: int = NO_DEFINITION) -> Values:
        """Return a class's member, looked up along its order (behind the class `after`, for super)."""
        key = ("member", definition, name, after)
        return self.remember(key, depth, lambda: self._find_member(definition, name, depth, after))

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
        return weaken(self.apply(file, (self.module_value(located),), item.name, depth), IMPORT)

    def _follow(self, file: int, scope: int, expression: Expression, depth: int) -> Values:
        root, *steps = expression.split(".")
        if not steps:
            return self._find_root(file, scope, root, depth)
        values = self.evaluate(file, scope, root, depth)
        for step in steps:
            values = self.apply(file, values, step, depth)
        return values

    def _find_root(self, file: int, scope: int, name: str, depth: int) -> Values:
        if name == LITERAL:
            return (LITERAL_VALUE,)
        if name == UNKNOWN:
            return ()
        found = self._find_name(file, scope, name, depth)
        if found is not None and name not in {"Self", "super", "this"}:
            return found
        rules = self.index.language(file).rules
        owner = self.index.enclosing_class(file, scope)
        if owner != NO_DEFINITION and name == "super":
            return (Value("super", owner, SUPER),)
        if owner != NO_DEFINITION and name == ("Self" if rules.explicit_self else "this"):
            return (Value("cls" if rules.explicit_self or self._is_static(file, scope) else "self", owner, SELF),)
        return (EXTERNAL,) if name in rules.builtins else ()

    def _is_static(self, file: int, scope: int) -> bool:
        method = self.index.enclosing_method(file, scope)
        return method != NO_DEFINITION and "static" in self.index.definitions[method].modifiers

    def _find_name(self, file: int, scope: int, name: str, depth: int) -> Values | None:
        for names in self.index.visible_scopes(file, scope):
            bindings = names.get(name)
            if bindings:
                return self.bound_values(bindings, depth)
        return self._find_starred(file, name, depth, exported=False) or None

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
            return (Value("class" if is_class else "function", binding.number, LEXICAL),)
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
            owner = self.index.first_definitions[binding.file] + function.parent
            if "class" in function.modifiers or function.name in _CLASS_RECEIVERS:
                return (Value("cls", owner, SELF),)
            if "static" not in function.modifiers:
                return (Value("self", owner, SELF),)
        parameter = function.parameters[binding.number]
        annotated = self.evaluate_all(binding.file, function.parent, parameter.values, depth - 1)
        if annotated:
            return weaken(annotated, ANNOTATION)
        default = self.evaluate_all(binding.file, function.parent, parameter.defaults, depth - 1)
        number = self.index.first_definitions[binding.file] + binding.scope
        return merge((*weaken(default, ANNOTATION), *self.passed(number, binding.number)))

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
        stars = [item for item in facts.imports if item.name == "*" and not item.alias]
        for item in stars:
            located = self.index.locate(file, item) if exported or not item.exported else None
            if located is not None and located.path is not None:
                number = self.index.file_numbers[located.path]
                values = self.find_export(number, name, depth - 1)
                if values:
                    return weaken(values, IMPORT)
        return ()

    def _find_member(self, definition: int, name: str, depth: int, after: int) -> Values:
        order = self.classes.order(definition)
        start = order.index(after) + 1 if after in order else 0
        for ancestor in order[start:]:
            bindings = self._own_member(ancestor, name)
            if bindings:
                return self.bound_values(bindings, depth)
        return (EXTERNAL,) if OUTSIDE in order[start:] else ()

    def has_member(self, definition: int, name: str) -> bool:
        """Whether a class or one of its ancestors binds this member, whatever it may be."""
        return any(self._own_member(ancestor, name) for ancestor in self.classes.order(definition))

    def member_names(self, definition: int, prefix: str) -> list[str]:
        """Return the names of a class's members, inherited ones too, that begin with `prefix`."""
        own = (item for item in self.classes.order(definition) if item != OUTSIDE)
        scopes = (
            self.index.scope(self.index.definition_files[item], self.index.local_number(item)) for item in own
        )
        return sorted({name for scope in scopes for name in scope if name.startswith(prefix)})

    def _own_member(self, definition: int, name: str) -> list[Binding]:
        if definition == OUTSIDE:
            return []
        scope = self.index.scope(self.index.definition_files[definition], self.index.local_number(definition))
        return [*scope.get(name, ()), *self.index.attributes(definition).get(name, ())]

    def _read_bases(self, definition: int) -> tuple[int, ...]:
        file = self.index.definition_files[definition]
        neutral = self.index.language(file).rules.neutral_bases
        with self.apart(level=0):
            return self._evaluate_bases(definition, file, neutral)

    def _evaluate_bases(self, definition: int, file: int, neutral: frozenset[str]) -> tuple[int, ...]:
        bases: dict[int, None] = {}
        definer = self.index.definitions[definition]
        for expression in definer.bases:
            if expression.rpartition(".")[2] in neutral:
                continue
            values = self.evaluate(file, definer.parent, expression)
            own = (item for value in values if value.kind == "module" for item in self.module_itself(value, DEPTH))
            classes = (value for value in (*values, *own) if value.kind in {"class", "cls"})
            found = [value.key for value in classes if value.key != definition]
            bases.update(dict.fromkeys(found or [OUTSIDE]))
        return tuple(bases)
