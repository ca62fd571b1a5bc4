"""C; its extractor and rules also serve C++, whose headers share an extension with it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import tree_sitter_c

from graph.languages.c.extraction import extract
from graph.languages.c.macros import blank_macros
from graph.languages.c.modules import IncludeLocator
from graph.languages.language import Dialect, Language, Rules, words

FAMILY = "c"
QUERIES = Path(__file__).parent / "queries.scm"

RULES = Rules(
    constructor="constructor",
    explicit_self=False,
    class_body_binds=True,
    lexical_kinds=frozenset({"namespace"}),
    neutral_bases=frozenset(),
    submodules=False,
    builtins=frozenset({"std"}),
    common_methods=words(
        "append assign back begin capacity cbegin cend clear close count data emplace emplace_back empty end",
        "erase fail find flush front get getline good insert join length load lock max_size merge min name",
        "notify_all notify_one open pop pop_back pop_front push push_back push_front rbegin read release rend",
        "replace reserve reset resize seek size start stop store str substr swap test top unlock value wait",
        "what write",
    ),
    shared=True,
    reopened_kinds=frozenset({"namespace"}),
    implicit_members=True,
)

LANGUAGE = Language(
    name="c",
    extensions=("c", "h"),
    rules=RULES,
    dialect=lambda _extension: Dialect(tree_sitter_c.language(), (QUERIES,)),
    extract=partial(extract, "c"),
    make_locator=IncludeLocator,
    family=FAMILY,
    prepare=blank_macros,
)
