"""Languages that are known by an outline of their definitions, without calls: one row each in `_TABLE`."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import NamedTuple

from graph.languages.language import Dialect, Language, NoLocator, Rules
from graph.languages.outlines.extraction import extract

_FOLDER = Path(__file__).parent
_RULES = Rules(
    constructor="",
    explicit_self=False,
    class_body_binds=False,
    lexical_kinds=frozenset(),
    neutral_bases=frozenset(),
    submodules=False,
    builtins=frozenset(),
    common_methods=frozenset(),
)


class _Outline(NamedTuple):
    """A language, its grammar's package is `tree_sitter_<name>`."""

    name: str
    extensions: tuple[str, ...]
    query: str = "named.scm"


_TABLE = (
    _Outline("bash", ("sh", "bash")),
    _Outline("kotlin", ("kt", "kts")),
    _Outline("lua", ("lua",)),
    _Outline("markdown", ("md", "markdown"), "markdown.scm"),
    _Outline("scala", ("scala", "sc", "sbt")),
    _Outline("sql", ("sql",), "sql.scm"),
    _Outline("swift", ("swift",)),
)


def _choose_dialect(outline: _Outline, _extension: str) -> Dialect:
    grammar = importlib.import_module(f"tree_sitter_{outline.name}")
    return Dialect(grammar.language(), (_FOLDER / outline.query,))


LANGUAGES = tuple(
    Language(
        name=outline.name,
        extensions=outline.extensions,
        rules=_RULES,
        dialect=partial(_choose_dialect, outline),
        extract=partial(extract, outline.name),
        make_locator=NoLocator,
        family=outline.name,
    )
    for outline in _TABLE
)
