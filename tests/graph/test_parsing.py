"""Parsing never raises, keeps what it understood, and marks what it did not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.facts import FileFacts
from graph.languages import detect_language, load_languages
from graph.parsing import MAX_NESTING, MAX_PARSED_BYTES, parse_source
from graph.resolver import resolve_project

FRAGMENTS = [
    "def f(",
    "):",
    "class A",
    "(B):",
    "\n    ",
    "return ",
    "=>",
    "{",
    "}",
    "import ",
    "from . ",
    "*",
    "'",
    '"""',
]
FRAGMENTS += [
    "`${",
    "x.y",
    "()",
    "<A/>",
    "async ",
    "lambda",
    "@d\n",
    "export ",
    "default ",
    "\ud800",
    "\x00",
    "é",
    "=",
    ",",
]
FRAGMENTS += [
    "package a;",
    "func (a *B) c",
    "impl A for B ",
    "use self::{",
    "namespace N;",
    "enum ",
    "match x ",
    "::",
    "?.",
]
FRAGMENTS += [
    "#include ",
    "<?php ",
    "$x->",
    "end\n",
    "class << self\n",
    "#define a ",
    "def self.",
    "->",
    ";",
]
PATHS = ["a.tsx", *(f"a.{language.extensions[0]}" for language in load_languages().values())]


@settings(deadline=None)  # the first file of a language compiles its query
@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8)), st.sampled_from(PATHS))
def test_no_text_makes_parsing_raise_and_facts_survive_json(pieces: list[str], path: str) -> None:
    facts = parse_source(path, "".join(pieces))
    assert FileFacts.from_json(json.loads(json.dumps(facts.to_json()))) == facts


PIECES = st.lists(
    st.sampled_from(
        [
            *FRAGMENTS,
            "a",
            "b",
            "from b import a\n",
            "import {a} from './b';",
            "class a(b):\n ",
            "class a < b\n",
            "class a : b {",
        ]
    )
)


@settings(deadline=None)
@given(
    st.tuples(PIECES, PIECES, PIECES),
    st.sampled_from(["py", "ts", "js", "c", "hpp", "rb", "php", "go", "java", "rs", "cs"]),
)
def test_no_facts_make_resolving_raise(files: tuple[list[str], ...], extension: str) -> None:
    texts = {f"{name}.{extension}": "".join(pieces) for name, pieces in zip("abx", files, strict=True)}
    resolved = resolve_project("p", {path: parse_source(path, text) for path, text in texts.items()})
    assert {node.properties["path"] for node in resolved.nodes if node.label == "File"} == set(texts)


def test_a_syntax_error_is_marked_and_the_rest_kept() -> None:
    facts = parse_source("a.py", 'def good():\n    """Says."""\n    run()\n\ndef bad(:\n    ((\n')
    assert facts.marks == ("parse_error",)
    assert [(item.name, item.docstring) for item in facts.definitions][:1] == [("good", "Says.")]
    assert facts.calls[0].callee == "run"


@pytest.mark.parametrize(
    ("path", "text", "mark"),
    [
        ("a.py", "\x7fELF\x00\x01", "binary"),
        ("notes.adb", "procedure Main is", "unknown_language"),
        ("Makefile", "all:", "unknown_language"),
        ("a.py", "x = 1\n" * (MAX_PARSED_BYTES // 6 + 1), "too_large"),
        ("a.min.js", "var a=1;" * 2000, "minified"),
        ("a.py", "(\n" * (MAX_NESTING + 1), "too_nested"),
    ],
)
def test_what_is_not_parsed_says_why(path: str, text: str, mark: str) -> None:
    facts = parse_source(path, text)
    assert facts.marks == (mark,)
    assert facts.definitions == ()


def test_a_definition_says_what_a_reader_wants_to_know() -> None:
    source = "import os\n\n@cached\n"
    source += 'async def load(path: str, *rest: int) -> "Thing":\n    """Load it."""\n    return os\n'
    (definition,) = parse_source("a.py", source).definitions
    assert definition.signature == 'async def load(path: str, *rest: int) -> "Thing"'
    assert definition.docstring == "Load it."
    assert definition.modifiers == ("async",)
    assert definition.decorators == ("cached",)
    assert (definition.start_line, definition.end_line) == (3, 6)
    assert source[definition.start_byte : definition.end_byte].startswith("@cached")
    assert [parameter.name for parameter in definition.parameters] == ["path", "rest"]
    assert definition.returns == ("Thing.@",)


def test_bytes_are_counted_in_utf_8() -> None:
    source = "é = 'ü'\ndef f(): pass\n"
    (definition,) = parse_source("a.py", source).definitions
    assert source.encode()[definition.start_byte : definition.end_byte] == b"def f(): pass"


def test_deeply_nested_code_is_parsed() -> None:
    source = "\n".join(" " * depth + "if a:" for depth in range(900)) + "\n" + " " * 900 + "f()"
    assert parse_source("a.py", source).calls[0].callee == "f"


def test_a_language_is_known_by_extension() -> None:
    assert detect_language("src\\app\\Main.TSX") == "typescript"
    assert detect_language("a/b.pyi") == "python"
    assert detect_language("a.d/readme") is None
