"""All facts of a project, arranged by the questions that resolving asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal, NamedTuple

from graph.facts import MODULE_SCOPE, Definition, FileFacts, Import
from graph.languages import load_languages
from graph.languages.language import Language, Located, Locator
from graph.naming import CLASS_KINDS

NO_DEFINITION = -1


class Binding(NamedTuple):
    """One way a name is bound: `number` is that of the definition, import, assignment or parameter."""

    kind: Literal["definition", "import", "assignment", "parameter"]
    file: int
    scope: int
    number: int


Scope = Mapping[str, list[Binding]]
_EMPTY: Scope = {}


class ProjectIndex:
    """Files and definitions by number; a definition's number is unique in the project."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self.paths = sorted(files)
        self.facts = [files[path] for path in self.paths]
        self.file_numbers = {path: number for number, path in enumerate(self.paths)}
        self.first_definitions: list[int] = []
        self.definitions: list[Definition] = []
        self.definition_files: list[int] = []
        self.methods_by_name: dict[str, list[int]] = defaultdict(list)
        self.implied_names: set[str] = set()
        """Names of properties and special methods."""
        self.variable_names: set[str] = set()
        """Names that are parameters, assigned to, or other names of what is imported."""
        self._languages = [load_languages().get(facts.language) for facts in self.facts]
        self._locators = self._make_locators()
        self._scopes: list[list[dict[str, list[Binding]]]] = []
        self._visible: dict[tuple[int, int], list[Scope]] = {}
        self._attributes: dict[int, dict[str, list[Binding]]] = {}
        for number, facts in enumerate(self.facts):
            self._add_definitions(number, facts)
        for number, facts in enumerate(self.facts):
            self._add_bindings(number, facts)

    def language(self, file: int) -> Language:
        """Return the language of a file that has definitions or imports."""
        language = self._languages[file]
        if language is None:
            raise LookupError(self.paths[file])
        return language

    def locate(self, file: int, item: Import) -> Located | None:
        """Return what an import's module is, None outside the project."""
        return self._locators[self.language(file).family].locate(self.paths[file], item.module, item.level)

    def locate_module(self, file: int, module: str) -> Located | None:
        """Return the module of this absolute name as `file` sees it."""
        return self._locators[self.language(file).family].locate(self.paths[file], module, 0)

    def locate_within(self, file: int, folder: str, name: str) -> Located | None:
        """Return a package's submodule."""
        return self._locators[self.language(file).family].locate_within(folder, name)

    def scope(self, file: int, scope: int) -> Scope:
        """Return the names that one scope of a file binds."""
        return self._scopes[file][scope + 1]

    def visible_scopes(self, file: int, scope: int) -> list[Scope]:
        """Return the names that a scope of a file sees, the nearest first."""
        key = (file, scope)
        if key not in self._visible:
            rules = self.language(file).rules
            definitions = self.facts[file].definitions
            found: list[Scope] = []
            current = scope
            while current != MODULE_SCOPE:
                kind = definitions[current].kind
                is_own = rules.class_body_binds and current == scope
                if kind not in CLASS_KINDS or kind in rules.lexical_kinds or is_own:
                    found.append(self.scope(file, current))
                current = definitions[current].parent
            self._visible[key] = [names for names in (*found, self.scope(file, MODULE_SCOPE)) if names]
        return self._visible[key]

    def attributes(self, definition: int) -> Scope:
        """Return the attributes that a class's methods bind on their receiver."""
        return self._attributes.get(definition, _EMPTY)

    def local_number(self, definition: int) -> int:
        """Return a definition's index in its own file: its scope."""
        return definition - self.first_definitions[self.definition_files[definition]]

    def is_class(self, definition: int) -> bool:
        """Whether a definition makes a Class node."""
        return self.definitions[definition].kind in CLASS_KINDS

    def enclosing_method(self, file: int, scope: int) -> int:
        """Return the nearest method around a scope, or `NO_DEFINITION`."""
        definitions = self.facts[file].definitions
        while scope != MODULE_SCOPE and definitions[scope].kind != "method":
            scope = definitions[scope].parent
        return NO_DEFINITION if scope == MODULE_SCOPE else self.first_definitions[file] + scope

    def enclosing_class(self, file: int, scope: int) -> int:
        """Return the nearest class around a scope, or `NO_DEFINITION`."""
        definitions = self.facts[file].definitions
        while scope != MODULE_SCOPE and definitions[scope].kind not in CLASS_KINDS:
            scope = definitions[scope].parent
        return NO_DEFINITION if scope == MODULE_SCOPE else self.first_definitions[file] + scope

    def _make_locators(self) -> dict[str, Locator]:
        families: dict[str, list[str]] = defaultdict(list)
        makers = {}
        for path, language in zip(self.paths, self._languages, strict=True):
            if language is not None:
                families[language.family].append(path)
                makers[language.family] = language.make_locator
        return {family: makers[family](paths) for family, paths in families.items()}

    def _add_definitions(self, file: int, facts: FileFacts) -> None:
        self.first_definitions.append(len(self.definitions))
        scopes: list[dict[str, list[Binding]]] = [{} for _ in range(len(facts.definitions) + 1)]
        for scope, definition in enumerate(facts.definitions):
            number = len(self.definitions)
            self.definitions.append(definition)
            self.definition_files.append(file)
            if definition.kind == "method":
                self.methods_by_name[definition.name].append(number)
                if definition.name.startswith("__") or "getter" in definition.modifiers:
                    self.implied_names.add(definition.name)
            if "assigned" not in definition.modifiers:
                binding = Binding("definition", file, definition.parent, number)
                scopes[definition.parent + 1].setdefault(definition.name, []).append(binding)
            self.variable_names.update(parameter.name for parameter in definition.parameters)
            for position, parameter in enumerate(definition.parameters):
                binding = Binding("parameter", file, scope, position)
                scopes[scope + 1].setdefault(parameter.name, []).append(binding)
        self._scopes.append(scopes)

    def _add_bindings(self, file: int, facts: FileFacts) -> None:
        scopes = self._scopes[file]
        for number, item in enumerate(facts.imports):
            if item.alias != item.name:
                self.variable_names.add(item.alias)
            name = item.alias or ("" if item.name else item.module.partition(".")[0])
            if name and not item.exported:
                scopes[item.scope + 1].setdefault(name, []).append(Binding("import", file, item.scope, number))
        for number, assignment in enumerate(facts.assignments):
            binding = Binding("assignment", file, assignment.scope, number)
            root, dot, attribute = assignment.target.partition(".")
            self.variable_names.add(attribute or root)
            if not dot:
                scopes[assignment.scope + 1].setdefault(root, []).append(binding)
                continue
            owner = self._receiver_class(file, assignment.scope, root)
            if owner != NO_DEFINITION:
                self._attributes.setdefault(owner, {}).setdefault(attribute, []).append(binding)

    def _receiver_class(self, file: int, scope: int, root: str) -> int:
        if not self.language(file).rules.explicit_self:
            return self.enclosing_class(file, scope) if root == "this" else NO_DEFINITION
        method = self.enclosing_method(file, scope)
        if method == NO_DEFINITION:
            return NO_DEFINITION
        definition = self.definitions[method]
        if not definition.parameters or definition.parameters[0].name != root:
            return NO_DEFINITION
        return self.first_definitions[file] + definition.parent
