"""C++: C's extractor with a wider query."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import tree_sitter_cpp

from graph.languages.c import FAMILY, QUERIES, RULES
from graph.languages.c.extraction import extract
from graph.languages.c.macros import blank_macros
from graph.languages.c.modules import IncludeLocator
from graph.languages.language import Dialect, Language

_FOLDER = Path(__file__).parent
_ONLY_HERE = re.compile(
    r"^\s*(?:(?:class|namespace|template|using|constexpr)\b(?!\s*[=;,)])|(?:public|private|protected)\s*:|"
    r"#\s*include\s*<[a-z_]+>)|\bstd::|\boperator\s*[=<>+\-*/(\[]|\bvirtual\s+\w",
    re.MULTILINE,
)


def _claims(extension: str, text: str) -> bool:
    """A header says by its words whose it is: facts know no other file."""
    return extension == "h" and _ONLY_HERE.search(text) is not None


LANGUAGE = Language(
    name="cpp",
    extensions=("cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "ipp", "tpp", "inl", "cu", "cuh"),
    rules=RULES,
    dialect=lambda _extension: Dialect(tree_sitter_cpp.language(), (QUERIES, _FOLDER / "queries.scm")),
    extract=partial(extract, "cpp"),
    make_locator=IncludeLocator,
    family=FAMILY,
    prepare=blank_macros,
    claims=_claims,
)
