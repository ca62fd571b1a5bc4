"""Source text in, facts out. Nothing that a file can contain raises: what cannot be parsed is marked."""

from __future__ import annotations

import tree_sitter

from graph.facts import FileFacts
from graph.languages import detect_language, load_languages
from graph.languages.language import Language, load_grammar

MAX_PARSED_BYTES = 2_000_000
_MINIFIED_LINE = 5_000
_MINIFIED_AVERAGE = 400
_CONTROL_CHARACTERS = dict.fromkeys(set(range(32)) - {9, 10, 11, 12, 13, 27})


def parse_source(path: str, text: str, language: str | None = None) -> FileFacts:
    """Return the facts of a file; `path` tells the language if `language` does not."""
    name = language or detect_language(path) or ""
    source = encode_source(text)
    known = load_languages().get(name)
    mark = _find_obstacle(text, source, known)
    if mark or known is None:
        return mark_file(text, name, mark or "unknown_language")
    parser, query = load_grammar(known, known.name + path[path.rfind(".") :].lower())
    tree = parser.parse(source)
    captures = tree_sitter.QueryCursor(query).captures(tree.root_node)
    ordered = {name: sorted(nodes, key=_start_of) for name, nodes in captures.items()}
    return known.extract(tree.root_node, source, ordered)


def encode_source(text: str) -> bytes:
    """Return the bytes that every offset in the facts counts."""
    return text.encode("utf-8", "replace")


def mark_file(text: str, language: str, mark: str) -> FileFacts:
    """Return the facts of a file that is not parsed, and why."""
    return FileFacts(language=language, lines=text.count("\n") + 1, marks=(mark,))


def _start_of(node: tree_sitter.Node) -> int:
    return node.start_byte


def _find_obstacle(text: str, source: bytes, language: Language | None) -> str | None:
    if "\x00" in text or len(text.translate(_CONTROL_CHARACTERS)) < len(text) * 0.9:
        return "binary"
    if language is None:
        return "unknown_language"
    if len(source) > MAX_PARSED_BYTES:
        return "too_large"
    return "minified" if _is_minified(text) else None


def _is_minified(text: str) -> bool:
    if len(text) < _MINIFIED_LINE:
        return False
    lines = text.split("\n")
    longest = max(map(len, lines))
    return longest > _MINIFIED_LINE and len(text) / len(lines) > _MINIFIED_AVERAGE
