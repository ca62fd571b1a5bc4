"""Python."""

from __future__ import annotations

import builtins
from pathlib import Path

import tree_sitter_python

from graph.languages.language import Dialect, Language, Rules, words
from graph.languages.python.extraction import extract
from graph.languages.python.modules import PythonLocator

COMMON_METHODS = frozenset(
    name for kind in (str, bytes, list, dict, set, tuple, int, float, type) for name in dir(kind)
) | words(
    "acquire add cancel cleanup close commit connect cursor debug delete done empty error exception",
    "execute exists fetchall fetchone filter fileno first flush get group groups info is_file is_dir",
    "isatty json last locked log match mkdir next open parse put read readline readlines release render",
    "result rollback run save search seek send set setUp shutdown start stop submit tearDown tell truncate",
    "unlink wait warning write writelines",
)

_FOLDER = Path(__file__).parent

LANGUAGE = Language(
    name="python",
    extensions=("py", "pyi", "pyw"),
    rules=Rules(
        constructor="__init__",
        explicit_self=True,
        class_body_binds=True,
        lexical_kinds=frozenset(),
        neutral_bases=frozenset({"object", "Generic", "Protocol", "ABC"}),
        submodules=True,
        builtins=frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "reveal_type"},
        common_methods=COMMON_METHODS,
    ),
    dialect=lambda _extension: Dialect(tree_sitter_python.language(), (_FOLDER / "queries.scm",)),
    extract=extract,
    make_locator=PythonLocator,
    family="python",
)
