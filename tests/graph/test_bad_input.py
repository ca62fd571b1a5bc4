"""Bad input of every kind, in every language: marked or understood in part, never a crash or a stand-still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.codeobjects import describe_definitions
from graph.facts import FileFacts
from graph.languages import load_languages
from graph.parse_pool import ParsePool
from graph.parsing import MAX_PARSED_BYTES, parse_source
from graph.resolver import resolve_project

LANGUAGES = sorted(load_languages())
DENSE = {
    "bash": "f() {\n  g a\n}\n",
    "c": "int f(int a) {\n  return g(a) + h.x(1);\n}\n",
    "cpp": "namespace a {\nint A::f(int a) {\n  return g(a);\n}\n}\n",
    "go": "func f(a int) {\n  g(a)\n}\n",
    "kotlin": "fun f(a: Int) {\n  g(a)\n}\n",
    "lua": "function f(a)\n  g(a)\nend\n",
    "markdown": "## head\n\nwords [and](links) *here*\n",
    "php": "function f($a) {\n  return g($a)->h($b);\n}\n",
    "python": "def f(a):\n    return g(a)\n",
    "ruby": "def f(a)\n  b = g(a)\n  b.h(a)\nend\n",
    "rust": "fn f(a: i32) {\n  g(a);\n}\n",
    "scala": "class A {\n  def f(a: Int) = g(a)\n}\n",
    "sql": "CREATE TABLE a (id int);\n",
    "swift": "func f(a: Int) {\n  g(a)\n}\n",
}
"""A little of each language; all others are tried with braces."""

CIRCLES = {
    "c": ('#include "{1}.h"\nint {0}(void) {{ return {1}(); }}\n', "h"),
    "cpp": ('#include "{1}.hpp"\nclass {0} : public {1} {{ void go() {{ super(); go(); }} }};\n', "hpp"),
    "javascript": (
        "const {1} = require('./{1}');\nclass {0} extends {1} {{ go() {{ go(); }} }}\nmodule.exports = {0};\n",
        "js",
    ),
    "php": (
        "<?php\nrequire '{1}.php';\nclass {0} extends {1} {{ use {1}; function go() {{ $this->gone(); }} }}\n",
        "php",
    ),
    "python": ("from {1} import *\nclass {0}({1}):\n    def go(self): super().go()\n", "py"),
    "ruby": ("require_relative '{1}'\nclass {0} < {1}\n include {1}\n extend {1}\n def go = gone\nend\n", "rb"),
    "typescript": ("export * from './{1}';\nimport {{ {1} }} from './{1}';\nclass {0} extends {1} {{}}\n", "ts"),
}


@pytest.fixture(scope="module")
def hasty_pool() -> Iterator[ParsePool]:
    with ParsePool(seconds=0.2) as pool:
        yield pool


def _path(language: str, name: str = "a") -> str:
    return f"{name}.{load_languages()[language].extensions[0]}"


def _fill(language: str, size: int) -> str:
    unit = DENSE.get(language, "function f(a) {\n  g(a);\n}\n")
    return ("<?php\n" if language == "php" else "") + unit * (size // len(unit))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_generated_file_of_ten_megabytes_is_named_and_not_parsed(language: str) -> None:
    path, text = _path(language), _fill(language, 10_000_000)
    facts = parse_source(path, text)
    assert (facts.marks, facts.definitions, facts.language) == (("too_large",), (), language)
    (file,) = resolve_project("p", {path: facts}).nodes
    assert (file.properties["path"], file.properties["marks"]) == (path, "too_large")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_minified_bundle_is_marked_and_has_no_outline(language: str) -> None:
    facts = parse_source(_path(language), _fill(language, 200_000).replace("\n", " "))
    assert (facts.marks, facts.definitions) == (("minified",), ())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_read_as_utf_8_is_binary(language: str, encoding: str) -> None:
    text = _fill(language, 300).encode(encoding).decode("utf-8", "replace")
    facts = parse_source(_path(language), text)
    assert (facts.marks, facts.definitions) == (("binary",), ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_byte_order_mark_changes_nothing(language: str) -> None:
    text = _fill(language, 300)
    plain, marked = (parse_source(_path(language), start + text) for start in ("", "\ufeff"))
    assert [item.name for item in marked.definitions] == [item.name for item in plain.definitions] != []
    assert (marked.marks, marked.calls) == (plain.marks, plain.calls)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("errors", ["replace", "surrogateescape"])
def test_latin_1_read_as_utf_8_keeps_its_definitions_and_their_text(language: str, errors: str) -> None:
    wrong = "é".encode("latin-1").decode("utf-8", errors)
    text = _fill(language, 200) + f"{wrong}\n" + _fill(language, 200).removeprefix("<?php\n")
    facts = parse_source(_path(language), text)
    assert "binary" not in facts.marks
    objects = describe_definitions("p", _path(language), facts, text)
    first = parse_source(_path(language), _fill(language, 200))
    assert objects[1].text == describe_definitions("p", _path(language), first, _fill(language, 200))[1].text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("opening", ["(", "[", "{", "<"])
def test_a_hundred_thousand_brackets_do_not_end_the_process(language: str, opening: str) -> None:
    text = "\n".join([opening * 1_000] * 100)
    if opening == "<":
        text = text[:2_000]  # no bracket to every language: some grammars need seconds for more
    facts = parse_source(_path(language), text)
    assert facts.marks in {("too_nested",), ("parse_error",), ()}
    assert ("too_nested" in facts.marks) == (opening != "<")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_takes_too_long_is_killed_and_the_next_one_is_parsed(
    language: str, hasty_pool: ParsePool
) -> None:
    slow = _fill(language, MAX_PARSED_BYTES - 100)
    assert hasty_pool.parse(_path(language), slow).marks == ("timeout",)
    assert hasty_pool.parse(_path(language), "").marks == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "prefix", ["..\\src\\", "C:\\", "../../", "/abs/", "./", "a//b/", "link -> ", "é\ud800/", ""]
)
def test_odd_paths_are_names_like_any_other(language: str, prefix: str) -> None:
    paths = [prefix + _path(language), prefix + _path(language, "b")]
    files = {path: parse_source(path, "../target/file\n" + _fill(language, 100)) for path in paths}
    found = {node.properties["path"] for node in resolve_project("p", files).nodes if node.label == "File"}
    assert found == set(paths)
    assert {facts.language for facts in files.values()} == {language}


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_files_with_one_module_name_stay_two(language: str) -> None:
    paths = [_path(language, name) for name in ("src/a", "a", "a/index", "a/__init__")]
    text = _fill(language, 100)
    nodes = resolve_project("p", {path: parse_source(path, text) for path in paths}).nodes
    defined = len(parse_source(paths[0], text).definitions)
    assert len({node.uid for node in nodes}) == len(paths) * (defined + 1)


@pytest.mark.parametrize("language", CIRCLES)
@pytest.mark.parametrize("length", [1, 2, 30])
def test_circles_of_imports_and_of_classes_end(language: str, length: int) -> None:
    template, extension = CIRCLES[language]
    names = [f"M{number}" for number in range(length)]
    files: dict[str, FileFacts] = {}
    for name, following in zip(names, names[1:] + names[:1], strict=True):
        path = f"{name}.{extension}"
        files[path] = parse_source(path, template.format(name, following))
    project = resolve_project("p", files)
    inherited = {(edge.source, edge.target) for edge in project.edges if edge.type == "INHERITS"}
    assert len(inherited) == (0 if language == "c" or length == 1 else length)
