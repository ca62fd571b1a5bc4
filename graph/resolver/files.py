"""The files of a project: their facts, their languages, and the modules that they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from graph.facts import FileFacts
from graph.languages import load_languages
from graph.languages.language import Language, Located, Locator
from graph.resolver.packages import Package


class ProjectFiles:
    """Files by number, in the order of their paths."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self.paths = sorted(files)
        self.facts = [files[path] for path in self.paths]
        self.file_numbers = {path: number for number, path in enumerate(self.paths)}
        self._languages = [load_languages().get(facts.language) for facts in self.facts]
        self._locators = self._make_locators()

    def language(self, file: int) -> Language:
        """Return the language of a file that has definitions or imports."""
        language = self._languages[file]
        if language is None:
            raise LookupError(self.paths[file])
        return language

    def package_of(self, file: int) -> Package:
        """Return the package that a file says it is part of."""
        language = self.language(file)
        return language.family, language.name_package(self.paths[file], self.facts[file].package)

    def locate_module(self, file: int, module: str, level: int = 0) -> Located | None:
        """Return the module of this name as `file` sees it; it is relative if it has a `level`."""
        return self._locators[self.language(file).family].locate(self.paths[file], module, level)

    def locate_within(self, file: int, folder: str, name: str) -> Located | None:
        """Return a package's submodule."""
        return self._locators[self.language(file).family].locate_within(folder, name)

    def _make_locators(self) -> dict[str, Locator]:
        families: dict[str, dict[str, FileFacts]] = defaultdict(dict)
        makers = {}
        for path, facts, language in zip(self.paths, self.facts, self._languages, strict=True):
            if language is not None:
                families[language.family][path] = facts
                makers[language.family] = language.make_locator
        return {family: makers[family](files) for family, files in families.items()}
