"""What imports lead to: modules, their exports and submodules."""

from __future__ import annotations

from abc import abstractmethod

from graph.facts import MODULE_ITSELF, MODULE_SCOPE, Import
from graph.languages.language import Located
from graph.resolver.evaluation import Evaluator
from graph.resolver.index import ProjectIndex
from graph.resolver.values import EXTERNAL, IMPORT, Value, Values, merge, weaken


class ImportEvaluator(Evaluator):
    """Adds modules to names."""

    def __init__(self, index: ProjectIndex) -> None:
        super().__init__(index)
        self._modules: list[Located] = []
        self._module_numbers: dict[Located, int] = {}

    @abstractmethod
    def has_member(self, definition: int, name: str) -> bool:
        """Whether a class binds a member: see `MemberEvaluator`."""

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
            own = self.find_export(file, MODULE_ITSELF, depth - 1)
            return own or (self.module_value(Located(self.index.paths[file])),)
        return self.find_starred(file, name, depth, exported=True)

    def find_starred(self, file: int, name: str, depth: int, *, exported: bool) -> Values:
        """Return what a name is by an import of all names; the exported ones are others' names only."""
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
