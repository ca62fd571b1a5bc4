"""What the languages with declared types do alike: bad input is marked or kept as far as it goes, never raises."""

from __future__ import annotations

import json

import pytest

from graph.facts import FileFacts
from graph.languages import detect_language
from graph.parsing import MAX_NESTING, parse_source
from tests.graph.resolving import calls

GOOD = {
    "go": "package a\n\nfunc Good() { run() }\n\nfunc run() {}\n",
    "java": "package a;\n\nclass A {\n  void good() { run(); }\n  void run() {}\n}\n",
    "rs": "fn good() { run(); }\n\nfn run() {}\n",
    "cs": "namespace N;\n\nclass A {\n  void Good() { Run(); }\n  void Run() { }\n}\n",
}
BROKEN = {
    "go": GOOD["go"] + "func bad( {\n  ((\n",
    "java": GOOD["java"] + "class B { void bad( { ((\n",
    "rs": GOOD["rs"] + "fn bad( {\n  ((\n",
    "cs": GOOD["cs"] + "class B { void Bad( { ((\n",
}
NESTED = {
    "go": "package a\nfunc f() { x(" + "(" * 900 + "1" + ")" * 900 + ") }",
    "java": "class A { void f() { x(" + "(" * 900 + "1" + ")" * 900 + "); } void x(int i) {} }",
    "rs": "fn f() { x(" + "(" * 900 + "1" + ")" * 900 + "); }",
    "cs": "class A { void F() { x(" + "(" * 900 + "1" + ")" * 900 + "); } }",
}
CHAINED = {
    "go": "package a\nfunc f() { a" + ".b()" * 900 + " }",
    "java": "class A { void f() { a" + ".b()" * 900 + "; } }",
    "rs": "fn f() { a" + ".b()" * 400 + ";\n m!(a" + ".b()" * 400 + "); }",
    "cs": "class A { void F() { a" + ".b()" * 300 + "?.b()" * 300 + "; } }",
}
LANGUAGES = {"go": "go", "java": "java", "rs": "rust", "cs": "csharp"}


def names_of(facts: FileFacts) -> list[str]:
    return [item.name.lower() for item in facts.definitions if item.kind in {"function", "method"}]


@pytest.mark.parametrize("extension", GOOD)
def test_a_syntax_error_is_marked_and_the_rest_kept(extension: str) -> None:
    facts = parse_source(f"a.{extension}", BROKEN[extension])
    assert facts.marks == ("parse_error",)
    assert {"good", "run"} <= set(names_of(facts))
    assert next(call.callee.lower().removesuffix("()") for call in facts.calls) == "run"


@pytest.mark.parametrize("extension", GOOD)
def test_an_empty_file_has_no_facts_and_no_mark(extension: str) -> None:
    for text in ("", "\n", "\ufeff"):
        facts = parse_source(f"a.{extension}", text)
        assert (facts.marks, facts.definitions, facts.calls) == ((), (), ())


@pytest.mark.parametrize("extension", GOOD)
def test_byte_order_mark_and_line_ends_change_only_the_places(extension: str) -> None:
    plain = calls({f"a.{extension}": GOOD[extension]})
    assert len(plain) == 1
    assert calls({f"a.{extension}": "\ufeff" + GOOD[extension].replace("\n", "\r\n")}) == plain
    text = "\ufeff" + GOOD[extension].replace("\n", "\r\n")
    facts = parse_source(f"a.{extension}", text)
    run = next(item for item in facts.definitions if item.name.lower() == "run")
    assert "run" in text.encode()[run.start_byte : run.end_byte].decode().lower()


@pytest.mark.parametrize("extension", GOOD)
def test_deep_nesting_is_read_as_far_as_it_may_go(extension: str) -> None:
    facts = parse_source(f"a.{extension}", NESTED[extension])
    assert "x" in {call.callee.removesuffix("()") for call in facts.calls}
    deeper = NESTED[extension].replace("((", "(\n" * MAX_NESTING)
    assert parse_source(f"a.{extension}", deeper).marks == ("too_nested",)


@pytest.mark.parametrize("extension", GOOD)
def test_a_long_chain_of_calls_ends(extension: str) -> None:
    assert names_of(parse_source(f"a.{extension}", CHAINED[extension])) == ["f"]
    assert calls({f"a.{extension}": CHAINED[extension]}) == {}


@pytest.mark.parametrize("extension", GOOD)
def test_a_generated_single_line_is_not_parsed(extension: str) -> None:
    text = GOOD[extension].replace("\n", " ") * 200
    assert parse_source(f"a.{extension}", text).marks == ("minified",)


@pytest.mark.parametrize("extension", GOOD)
def test_paths_of_windows_have_a_language_too(extension: str) -> None:
    path = f"src\\app\\A.{extension.upper()}"
    assert detect_language(path) == LANGUAGES[extension]
    assert names_of(parse_source(path, GOOD[extension])) == names_of(
        parse_source("a." + extension, GOOD[extension])
    )


@pytest.mark.parametrize("extension", GOOD)
def test_facts_survive_json(extension: str) -> None:
    facts = parse_source(f"a.{extension}", GOOD[extension])
    assert FileFacts.from_json(json.loads(json.dumps(facts.to_json()))) == facts


def test_manifests_are_read_and_not_parsed() -> None:
    assert parse_source("a/go.mod", "module example.com/a\n").package == "example.com/a"
    assert parse_source("a\\Cargo.toml", '[package]\nname = "my-crate"\n').package == "my_crate"
    assert parse_source("Cargo.toml", "[workspace]\nmembers = []\n").package == ""
    assert detect_language("other.mod") is None
    assert detect_language("pyproject.toml") is None


def test_languages_never_call_each_other() -> None:
    sources = {f"{extension}/a.{extension}": text for extension, text in GOOD.items()}
    assert len(calls(sources)) == len(GOOD)
    assert calls({"a.go": "package a\nfunc f(x T) { good() }", "a.rs": GOOD["rs"]}) == {
        "a.good -> a.run": "lexical"
    }
