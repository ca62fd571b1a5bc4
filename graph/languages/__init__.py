"""The languages that Supastate understands: every folder here that offers a `LANGUAGE`.

To add one, add a folder: `queries.scm` captures the nodes worth seeing, `extraction.py` turns the captures
into facts with a `FactsBuilder`, `modules.py` finds the file that an import means, `__init__.py` joins them
in a `Language` with its `Rules`. Nothing else changes; a fixture project in `tests/graph/` says what it must
find, and a line in `tests/graph/test_declared_languages.py` what it does with bad input.

What a language writes alike is shared: `expressions.Shapes` reads expressions by table, `comments` reads
documentation and signatures. What files share (packages, namespaces) is a `package` of their facts, which a
`Located` may name; a method outside of its class has an `owner`, a base outside of it is an `Extension`, and
a class in parts has the modifier `partial`. Modifiers that the resolver knows: `static`, `constructor`,
`getter`, `setter`, `overload`, `variadic`, `optional` (a parameter has a default) and `extension` (a method of
its first parameter).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import lru_cache

from graph.languages.language import Language


@lru_cache(maxsize=1)
def load_languages() -> Mapping[str, Language]:
    """Return all languages by name."""
    folders = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    languages = (importlib.import_module(f"{__name__}.{folder}").LANGUAGE for folder in folders)
    return {language.name: language for language in languages}


@lru_cache(maxsize=1)
def _languages_by_extension() -> Mapping[str, Language]:
    return {extension: language for language in load_languages().values() for extension in language.extensions}


@lru_cache(maxsize=1)
def _languages_by_manifest() -> Mapping[str, Language]:
    return {manifest: language for language in load_languages().values() for manifest in language.manifests}


def detect_language(path: str) -> str | None:
    """Return the name of the language of a path, None if there is no grammar for it."""
    name = path.replace("\\", "/").rpartition("/")[2]
    language = _languages_by_manifest().get(name)
    if language is None and "." in name:
        language = _languages_by_extension().get(name.rpartition(".")[2].lower())
    return language.name if language else None
