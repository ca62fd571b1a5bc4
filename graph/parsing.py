"""Source text in, facts out. Nothing that a file can contain raises: what cannot be parsed is marked."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

import tree_sitter

from graph.facts import FileFacts
from graph.languages import detect_language, load_languages
from graph.languages.language import Language, load_grammar

MAX_PARSED_BYTES = 2_000_000
MAX_NESTING = 2_000
_NO_BRACKETS = bytes(set(range(256)) - set(b"()[]{}"))
_MINIFIED_LINE = 5_000
_MINIFIED_AVERAGE = 400
_CONTROL_CHARACTERS = dict.fromkeys(set(range(32)) - {9, 10, 11, 12, 13, 27})


def parse_source(path: str, text: str, language: str | None = None) -> FileFacts:
    """Return the facts of a file; `path` tells the language if `language` does not."""
    name = language or detect_language(path, text) or ""
    source = encode_source(text)
    known = load_languages().get(name)
    mark = _find_obstacle(text, source, known)
    if mark or known is None:
        return mark_file(text, name, mark or "unknown_language")
    if path.replace("\\", "/").rpartition("/")[2] in known.manifests:
        return replace(mark_file(text, name), package=known.read_manifest(text))
    parser, query = load_grammar(known, path.rpartition(".")[2].lower())
    tree = parser.parse(known.prepare(source))
    captures = tree_sitter.QueryCursor(query).captures(tree.root_node)
    ordered = {name: sorted(nodes, key=attrgetter("start_byte")) for name, nodes in captures.items()}
    return known.extract(tree.root_node, source, ordered)


def encode_source(text: str) -> bytes:
    """Return the bytes that every offset in the facts counts."""
    return text.encode("utf-8", "replace")


def mark_file(text: str, language: str, *marks: str) -> FileFacts:
    """Return the facts of a file that is not parsed, and why."""
    return FileFacts(language=language, lines=text.count("\n") + 1, marks=marks)


def _find_obstacle(text: str, source: bytes, language: Language | None) -> str | None:
    if "\x00" in text or len(text.translate(_CONTROL_CHARACTERS)) < len(text) * 0.9:
        return "binary"
    if language is None:
        return "unknown_language"
    if len(source) > MAX_PARSED_BYTES:
        return "too_large"
    if _is_minified(text):
        return "minified"
    return "too_nested" if _nesting_of(source) > MAX_NESTING else None


def _nesting_of(source: bytes) -> int:
    """Return how deep brackets are nested at most, strings and comments included.

    A grammar's time grows with the square of it, and at some 100,000 its stack overflows.
    """
    deepest = depth = 0
    for byte in source.translate(None, _NO_BRACKETS):
        depth += 1 if byte in b"([{" else -1
        deepest = max(deepest, depth)
    return deepest


def _is_minified(text: str) -> bool:
    if len(text) < _MINIFIED_LINE:
        return False
    lines = text.split("\n")
    longest = max(map(len, lines))
    return longest > _MINIFIED_LINE and len(text) / len(lines) > _MINIFIED_AVERAGE
