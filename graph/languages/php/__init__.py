"""PHP. Classes are found by the namespaces that files declare, which says the same as PSR-4 and more."""

from __future__ import annotations

from pathlib import Path

import tree_sitter_php

from graph.languages.language import Dialect, Language, Rules, words
from graph.languages.php.extraction import extract
from graph.languages.php.modules import IncludeLocator

_FOLDER = Path(__file__).parent

LANGUAGE = Language(
    name="php",
    extensions=("php", "phtml", "php5", "php7", "phps"),
    rules=Rules(
        constructor="__construct",
        explicit_self=False,
        class_body_binds=False,
        lexical_kinds=frozenset(),
        neutral_bases=frozenset({"stdClass"}),
        submodules=False,
        builtins=frozenset(),
        common_methods=words(
            "add all append bind call clear close code commit connect contains copy count create current debug",
            "decode delete destroy diff emit encode end error exec execute exists fetch fetchAll fetchColumn",
            "filter find first flush format get getArrayCopy getCode getFile getIterator getLine getMessage",
            "getName getPrevious getTimestamp getTrace getTraceAsString getType handle has info init insert",
            "invoke isEmpty isset items join jsonSerialize key keys last load log make map match merge modify",
            "name next notice offsetExists offsetGet offsetSet offsetUnset open parse pop prepare process push",
            "put query read register remove render replace reset resolve rewind rollBack rollback run save",
            "search seek send set setTimezone shift size sort start stop sub toArray toString type unset update",
            "valid validate value values wait warning with write",
        ),
        shared=True,
    ),
    dialect=lambda _extension: Dialect(tree_sitter_php.language_php(), (_FOLDER / "queries.scm",)),
    extract=extract,
    make_locator=IncludeLocator,
    family="php",
)
