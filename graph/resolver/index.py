"""All facts of a project, arranged by the questions that resolving asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from graph.facts import ARITY_MARK, MODULE_SCOPE, Definition, FileFacts, Import
from graph.languages.language import Language, Located
from graph.naming import CLASS_KINDS
from graph.resolver.bindings import EMPTY_SCOPE, NO_DEFINITION, Binding, Scope, bind_names
from graph.resolver.files import ProjectFiles
from graph.resolver.packages import Packages
from graph.resolver.parts import Parts
from graph.resolver.sharing import SharedNames

MOST_SCOPED_FILES = 3_000
"""The scopes of so many files are kept, some 15 KB each; making those of one takes 0.1 ms."""


class ProjectIndex(ProjectFiles):
    """Files and definitions by number; a definition's number is unique in the project."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        super().__init__(files)
        self.first_definitions: list[int] = []
        self.definitions: list[Definition] = []
        self.definition_files: list[int] = []
        self.methods_by_name: dict[str, list[int]] = defaultdict(list)
        self.foreign_extensions: dict[str, list[int]] = defaultdict(list)
        """Extension methods of types from outside the project, by name."""
        self.packages = Packages()
        self._classes: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._owners: dict[int, int] = {}
        self._members: dict[int, dict[str, list[Binding]]] = {}
        self.implied_names: set[str] = set()
        """Names of properties and special methods."""
        self.variable_names: set[str] = set()
        """Names that are parameters, assigned to, or other names of what is imported."""
        self._scopes: dict[int, list[Scope]] = {}
        self._visible: dict[tuple[int, int], list[Scope]] = {}
        self._attributes: dict[int, dict[str, list[Binding]]] = {}
        self._merged: dict[int, Scope] = {}
        self._included: dict[int, tuple[int, ...]] = {}
        self.parts = Parts()
        self.shared = SharedNames(self.paths, self.parts)
        for number, facts in enumerate(self.facts):
            self._add_definitions(number, facts)
        self._attach_by_name()
        for number, facts in enumerate(self.facts):
            self._add_variables(number, facts)

    def language_of(self, definition: int) -> Language:
        """Return the language of a definition."""
        return self.language(self.definition_files[definition])

    def locate(self, file: int, item: Import) -> Located | None:
        """Return what an import's module is, None outside the project."""
        located = self.locate_module(file, item.module, item.level)
        if located is None and self.language(file).rules.shared:
            found = self.find_shared(file, item.module)
            return Located(self.paths[found[0].file]) if found else None
        return located

    def package_scope(self, file: int, package: str, name: str) -> list[Binding]:
        """Return what a package, as a file's language knows it, binds to a name."""
        files = self.packages.find_files((self.language(file).family, package), name)
        return [
            binding
            for other in files
            for binding in self.scope(other, MODULE_SCOPE)[name]
            if binding.kind != "import"
        ]

    def owner(self, definition: int) -> int:
        """Return the class that a definition is or is a method of, or `NO_DEFINITION`."""
        if self.is_class(definition):
            return self.parts.first(definition)
        item = self.definitions[definition]
        if definition in self._owners or item.kind != "method" or self._is_distant(definition):
            return self._owners.get(definition, NO_DEFINITION)
        return self.parts.first(definition - self.local_number(definition) + item.parent)

    def _is_distant(self, definition: int) -> bool:
        """Whether a member is written outside of its class."""
        item = self.definitions[definition]
        return bool(item.owner) or ("assigned" in item.modifiers and self.language_of(definition).rules.shared)

    def own_scopes(self, definition: int) -> tuple[Scope, ...]:
        """Return what a class itself binds in its parts, what its methods bind on their receiver, and its members
        that are written elsewhere."""
        first = self.parts.first(definition)
        elsewhere = self._members.get(first, EMPTY_SCOPE)
        return self._body(first), self._attributes.get(first, EMPTY_SCOPE), elsewhere

    def _body(self, definition: int) -> Scope:
        parts = self.parts.all(definition)
        scopes = (self.scope(self.definition_files[part], self.local_number(part)) for part in parts)
        if len(parts) == 1:
            return next(scopes)
        if definition not in self._merged:
            merged: dict[str, list[Binding]] = defaultdict(list)
            for name, bindings in (item for scope in scopes for item in scope.items()):
                merged[name] += bindings
            self._merged[definition] = dict(merged)
        return self._merged[definition]

    def attach(self, definition: int, owner: int) -> None:
        """Make a method that is written elsewhere a member of its class."""
        self._owners[definition] = owner
        self.add_member(definition, owner)

    def add_member(self, definition: int, owner: int) -> None:
        """Let a function be found as a member of a class, whose own members hide those it has by a trait."""
        members = self._members.setdefault(owner, {})
        name = self._bound_name(definition)
        bindings = [*members.get(name, ()), self._bind(definition)]
        own = [item for item in bindings if "trait" not in self.definitions[item.number].modifiers]
        members[name] = own or bindings

    def scope(self, file: int, scope: int) -> Scope:
        """Return the names that one scope of a file binds."""
        scopes = self._scopes.get(file)
        return (self._bind_names(file) if scopes is None else scopes)[scope + 1]

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

    def find_shared(self, file: int, name: str) -> list[Binding]:
        """Return what a qualified name of the whole project means in a file."""
        family = self.language(file).family
        return [self._bind(number) for number in self.shared.find(family, name, file, self._list_included)]

    def find_included(self, file: int, name: str) -> list[Binding]:
        """Return what the nearest of all files that a file includes, also by way of others, binds to a name."""
        for other in self._list_included(file):
            bindings = self.scope(other, MODULE_SCOPE).get(name)
            if bindings:
                return bindings
        return []

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
        while scope != MODULE_SCOPE:
            owner = self.owner(self.first_definitions[file] + scope)
            if owner != NO_DEFINITION:
                return owner
            scope = definitions[scope].parent
        return NO_DEFINITION

    def only_class(self, file: int, name: str) -> int:
        """Return the only class of this name among all files of a file's language, or `NO_DEFINITION`."""
        found = {self.parts.first(number) for number in self._classes.get((self.language(file).family, name), ())}
        return found.pop() if len(found) == 1 else NO_DEFINITION

    def _class_in_sight(self, file: int, scope: int, name: str) -> int:
        """Return the class that the scopes of a file define under a name, or `NO_DEFINITION`."""
        while True:
            defined = [item.number for item in self.scope(file, scope).get(name, ()) if item.kind == "definition"]
            if defined or scope == MODULE_SCOPE:
                return next(filter(self.is_class, defined), NO_DEFINITION)
            scope = self.facts[file].definitions[scope].parent

    def _find_class(self, file: int, name: str) -> int:
        found = self.shared.find_class(self.language(file).family, name, file, self._list_included)
        if found is not None:
            return found
        own = enumerate(self.facts[file].definitions, start=self.first_definitions[file])
        return next((n for n, item in own if item.qualified_name == name and self.is_class(n)), NO_DEFINITION)

    def _bind(self, definition: int) -> Binding:
        return Binding(
            "definition", self.definition_files[definition], self.definitions[definition].parent, definition
        )

    def _list_included(self, file: int) -> tuple[int, ...]:
        if file not in self._included:
            self._included[file] = ()
            found = [file]
            seen = {file}
            for number in found:  # grows while it is walked: breadth first
                new = [other for other in self._list_directly_included(number) if other not in seen]
                seen.update(new)
                found += new
            self._included[file] = tuple(found[1:])
        return self._included[file]

    def _list_directly_included(self, file: int) -> list[int]:
        located = [self.locate(file, item) for item in self.facts[file].imports if item.name == "*"]
        paths = (item.path for item in located if item is not None and item.path is not None)
        return list(dict.fromkeys(self.file_numbers[path] for path in paths))

    def _bind_names(self, file: int) -> list[Scope]:
        if len(self._scopes) == MOST_SCOPED_FILES:
            self._scopes.clear()
            self._visible.clear()
        facts, first = self.facts[file], self.first_definitions[file]
        names = [self._bound_name(number) for number in range(first, first + len(facts.definitions))]
        self._scopes[file] = bind_names(file, facts, names, first)
        return self._scopes[file]

    def _add_definitions(self, file: int, facts: FileFacts) -> None:
        self.first_definitions.append(len(self.definitions))
        language = self._languages[file]
        rules = language.rules if language else None
        for number, definition in enumerate(facts.definitions, start=len(self.definitions)):
            self.definitions.append(definition)
            self.definition_files.append(file)
            if definition.kind == "method":
                self.methods_by_name[definition.name].append(number)
                if definition.name.startswith("__") or "getter" in definition.modifiers:
                    self.implied_names.add(definition.name)
            if rules is not None and rules.shared:
                reopens = definition.kind in rules.reopened_kinds
                self.shared.add(number, definition, file, self.language(file).family, reopens=reopens)
            name = self._bound_name(number)
            if rules is not None and rules.unseen_imports and definition.kind in CLASS_KINDS:
                self._classes[self.language(file).family, name].append(number)
            if "partial" in definition.modifiers:
                self.parts.add((*self.package_of(file), definition.qualified_name, name), number, definition)
            self.variable_names.update(parameter.name for parameter in definition.parameters)

    def _bound_name(self, number: int) -> str:
        """Return the name that a definition binds: a constructor's own may be that of its class, and a class may
        be one of several that their type parameters tell apart."""
        definition = self.definitions[number]
        if "constructor" in definition.modifiers:
            return self.language_of(number).rules.constructor
        return definition.name + "".join(item for item in definition.modifiers if item[0] == ARITY_MARK)

    def _attach_by_name(self) -> None:
        """Bind what is written outside of its class or namespace, by its qualified name."""
        for number, definition in enumerate(self.definitions):
            if "assigned" not in definition.modifiers or not self._is_distant(number):
                continue
            owner = self._find_class(self.definition_files[number], definition.qualified_name.rpartition(".")[0])
            if owner != NO_DEFINITION and not self.is_class(number):
                self.attach(number, owner)
            elif owner != NO_DEFINITION:
                self.add_member(number, owner)

    def _add_variables(self, file: int, facts: FileFacts) -> None:
        self.variable_names.update(item.alias for item in facts.imports if item.alias != item.name)
        for number, assignment in enumerate(facts.assignments):
            root, dot, attribute = assignment.target.partition(".")
            self.variable_names.add(attribute or root)
            owner = self._receiver_class(file, assignment.scope, root) if dot else NO_DEFINITION
            if owner != NO_DEFINITION:
                binding = Binding("assignment", file, assignment.scope, number)
                self._attributes.setdefault(owner, {}).setdefault(attribute, []).append(binding)
        if facts.package:
            self.packages.add_names(self.package_of(file), file, self.scope(file, MODULE_SCOPE))

    def _receiver_class(self, file: int, scope: int, root: str) -> int:
        if not self.language(file).rules.explicit_self:
            return self.enclosing_class(file, scope) if root == "this" else self._class_in_sight(file, scope, root)
        method = self.enclosing_method(file, scope)
        if method == NO_DEFINITION:
            return NO_DEFINITION
        definition = self.definitions[method]
        if not definition.parameters or definition.parameters[0].name != root:
            return NO_DEFINITION
        return self.first_definitions[file] + definition.parent
