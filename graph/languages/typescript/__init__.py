"""TypeScript and TSX: JavaScript's extractor with a wider query."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import tree_sitter_typescript

from graph.languages.javascript import FAMILY, QUERIES, RULES
from graph.languages.javascript.extraction import extract
from graph.languages.javascript.modules import JavaScriptLocator
from graph.languages.language import Dialect, Language

_TYPES = Path(__file__).parent / "queries.scm"


def _choose_dialect(extension: str) -> Dialect:
    """Only .tsx files hold JSX; elsewhere `<T>value` is a cast."""
    if extension == "tsx":
        return Dialect(
            tree_sitter_typescript.language_tsx(), (QUERIES / "queries.scm", QUERIES / "jsx.scm", _TYPES)
        )
    return Dialect(tree_sitter_typescript.language_typescript(), (QUERIES / "queries.scm", _TYPES))


LANGUAGE = Language(
    name="typescript",
    extensions=("ts", "tsx", "mts", "cts"),
    rules=RULES,
    dialect=_choose_dialect,
    extract=partial(extract, "typescript"),
    make_locator=JavaScriptLocator,
    family=FAMILY,
)
