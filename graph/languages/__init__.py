"""The languages that Supastate understands: every folder here that offers a `LANGUAGE`, or several `LANGUAGES`.

To add one, add a folder: `queries.scm` captures the nodes worth seeing, `extraction.py` turns the captures
into facts with a `FactsBuilder`, `modules.py` finds the file that an import means, `__init__.py` joins them
in a `Language` with its `Rules`. Nothing else changes; a fixture project in `tests/graph/` says what it must
find, and a line in `tests/graph/test_declared_languages.py` or `test_bad_input.py` what it does with bad input. A
language that needs no more than an outline of its definitions is one row in `outlines`.

What a language writes alike is shared: `expressions.Shapes` reads expressions by table, `comments` reads
documentation and signatures. `Rules` that are off unless a language sets them say what names mean: `shared` for
names that hold in the whole project, with the `reopened_kinds` that are one however often they are written,
`closed` for a language that declares every name, `implicit_members` and `static_apart`. What files share by
declaration (packages, namespaces) is a `package` of their facts, which a `Located` may name; a method outside of
its class has an `owner`, a base outside of it is an `Extension`, and a class in parts has the modifier `partial`.

Modifiers that the resolver knows: `static`, `constructor` (whatever its name), `getter`, `setter`, `overload`,
`variadic`, `optional` (a parameter has a default), `extension` (a method of its first parameter), `internal` (seen
by its file alone), `trait` (a method that a method of the class itself hides), a number behind `facts.ARITY_MARK`
(the class's type parameters, where classes may differ in these alone) and `assigned` (not bound where it is
written; where names are shared, it belongs to the class of its qualified name).
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
    modules = [importlib.import_module(f"{__name__}.{folder}") for folder in folders]
    languages = (item for module in modules for item in getattr(module, "LANGUAGES", None) or (module.LANGUAGE,))
    return {language.name: language for language in languages}


@lru_cache(maxsize=1)
def _languages_by_extension() -> Mapping[str, Language]:
    return {extension: language for language in load_languages().values() for extension in language.extensions}


@lru_cache(maxsize=1)
def _languages_by_manifest() -> Mapping[str, Language]:
    return {manifest: language for language in load_languages().values() for manifest in language.manifests}


def detect_language(path: str, text: str = "") -> str | None:
    """Return the name of the language of a path, None if there is no grammar for it; the text settles whose an
    extension is that languages share."""
    name = path.replace("\\", "/").rpartition("/")[2]
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    language = _languages_by_manifest().get(name) or _languages_by_extension().get(extension)
    if language is None:
        return None
    claims = (other.name for other in load_languages().values() if other.claims and other.claims(extension, text))
    return next(claims, language.name)
