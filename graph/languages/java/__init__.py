"""Java."""

from __future__ import annotations

from pathlib import Path

import tree_sitter_java

from graph.languages.java.extraction import CONSTRUCTOR, extract
from graph.languages.java.modules import JavaLocator
from graph.languages.language import Dialect, Language, Rules, words

_FOLDER = Path(__file__).parent

LANGUAGE = Language(
    name="java",
    extensions=("java",),
    rules=Rules(
        constructor=CONSTRUCTOR,
        explicit_self=False,
        class_body_binds=True,
        lexical_kinds=frozenset(),
        neutral_bases=frozenset({"Object"}),
        submodules=False,
        builtins=frozenset(),
        common_methods=words(
            "accept add addAll andThen append apply build builder call charAt clear clone close collect compare",
            "compareTo compute contains containsKey copy count create delete entrySet equals execute exists",
            "filter find findFirst first flatMap flush forEach format get getAsString getBytes getClass getId",
            "getKey getMessage getName getOrDefault getType getValue handle hasNext hashCode indexOf init insert",
            "invoke isEmpty isPresent iterator join keySet last length limit list load log map matches name next",
            "nextInt of offer open ordinal orElse orElseThrow parse peek poll pop print println process push put",
            "putAll read readLine remove replace reset resolve run save set setName setValue size skip sort",
            "sorted split start startsWith stop stream submit substring test toArray toList toLowerCase toString",
            "toUpperCase trim update validate value valueOf values wait write",
        ),
        implicit_members=True,
        closed=True,
    ),
    dialect=lambda _extension: Dialect(tree_sitter_java.language(), (_FOLDER / "queries.scm",)),
    extract=extract,
    make_locator=JavaLocator,
    family="java",
)
