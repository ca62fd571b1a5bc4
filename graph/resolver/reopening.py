"""Names in languages whose namespaces and classes any file may reopen, and whose methods see their class."""

from __future__ import annotations

from graph.facts import MODULE_SCOPE
from graph.resolver.bindings import NO_DEFINITION
from graph.resolver.classes import OUTSIDE
from graph.resolver.evaluation import SHARED_ROOT
from graph.resolver.index import ProjectIndex
from graph.resolver.members import MemberEvaluator
from graph.resolver.values import EXTERNAL, IMPORT, SELF, Value, Values, weaken


class SharedEvaluator(MemberEvaluator):
    """Adds what is found neither in a file's own scopes nor by its imports alone."""

    def __init__(self, index: ProjectIndex) -> None:
        super().__init__(index)
        self._extended: dict[int, list[int]] = {}

    def is_open_namespace(self, definition: int) -> bool:
        """Whether a definition is a namespace whose names are spread over the project's files."""
        is_namespace = self.index.definitions[definition].kind == "namespace"
        return is_namespace and self.index.language(self.index.definition_files[definition]).rules.shared

    def find_reopened(self, file: int, name: str, steps: list[str], depth: int) -> tuple[Values, list[str]]:
        """Return what a name means whose root is from outside, but whose class the project reopens."""
        for position, step in enumerate(steps, start=1):
            name = f"{name}.{step}"
            found = self.index.find_shared(file, name)
            if found:
                return weaken(self.bound_values(found, depth), IMPORT), steps[position:]
        return (EXTERNAL,), steps

    def find_implicit(self, file: int, scope: int, name: str, depth: int, *, static: bool) -> Values:
        """Return what a bare name is as a member of the class that `scope` is a method of, or is."""
        owner = self.index.owner(self.index.first_definitions[file] + scope)
        if owner == NO_DEFINITION or self.index.definitions[owner].kind == "namespace":
            return ()
        if not self.has_member(owner, name):
            return ()
        return self.apply(file, (Value("cls" if static else "self", owner, SELF),), name, depth)

    def find_shared(self, file: int, scope: int, name: str, depth: int) -> Values:
        """Return what a name is in the namespaces and classes around it, in whichever file, else in what the file
        includes, else as a class of the whole project."""
        outer = self.index.facts[file].definitions[scope].qualified_name if scope != MODULE_SCOPE else ""
        opened = [
            item.module[2:] for item in self.index.facts[file].imports if item.module.startswith(SHARED_ROOT)
        ]
        while outer or opened:
            prefix = outer or opened.pop()
            found = [b for b in self.index.find_shared(file, f"{prefix}.{name}") if not self.is_method(b)]
            if found:
                return weaken(self.bound_values(found, depth), IMPORT)
            outer = outer.rpartition(".")[0]
        included = self.index.find_included(file, name)
        if included:
            return weaken(self.bound_values(included, depth), IMPORT)
        found = [item for item in self.index.find_shared(file, name) if self.index.is_class(item.number)]
        return weaken(self.bound_values(found, depth), IMPORT)

    def find_extended(self, definition: int, name: str, depth: int) -> Values:
        found = (self.find_member(key, name, depth - 1, static=False) for key in self.extended(definition))
        return next((values for values in found if values and EXTERNAL not in values), ())

    def extended(self, definition: int) -> list[int]:
        """Return the modules whose methods become a class's own static ones: where those are apart."""
        if definition not in self._extended:
            self._extended[definition] = []
            self._extended[definition] = self._read_extended(definition)
        return self._extended[definition]

    def _read_extended(self, definition: int) -> list[int]:
        files = self.index.definition_files
        if definition == OUTSIDE or not self.index.language(files[definition]).rules.static_apart:
            return []
        return [
            value.key
            for part in self.index.parts.all(definition)
            for expression in self.index.definitions[part].decorators
            for value in self.evaluate(files[part], self.index.local_number(part), expression)
            if value.kind in {"class", "cls"}
        ]
