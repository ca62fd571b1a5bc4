"""Documentation that is written as comments before a definition, and signatures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import tree_sitter

from graph.languages.builder import flatten, read_text

_MARKERS = re.compile(r"^\s*(?:///?!?|//!|/\*[*!]*|\*(?!/))? ?|\s*\*+/\s*$", re.MULTILINE)
_TAGS = re.compile(r"</?(?:summary|remarks|para|see\w*|c|code|paramref)\b[^>]*>")


def read_comment(outer: tree_sitter.Node, *, starts: tuple[str, ...], skipped: Collection[str] = ()) -> str:
    """Return the text of the comments that end on the line above a definition and start like documentation.

    Nodes of the `skipped` types (attributes) may stand between.
    """
    lines: list[str] = []
    row, node = outer.start_point.row, outer.prev_sibling
    while node is not None and (node.type in skipped or "comment" in node.type):
        end = node.end_point.row - (
            1 if node.end_point.column == 0 and node.end_point.row > node.start_point.row else 0
        )
        if end < row - 1 or (node.type not in skipped and not read_text(node).startswith(starts)):
            break
        if node.type not in skipped:
            lines.insert(0, read_text(node).rstrip())
        row, node = node.start_point.row, node.prev_sibling
    return clean_comment("\n".join(lines))


def clean_comment(text: str) -> str:
    """Return a comment without its markers and C#'s tags."""
    return "\n".join(line.rstrip() for line in _TAGS.sub("", _MARKERS.sub("", text)).split("\n")).strip()


def read_signature(outer: tree_sitter.Node, body: tree_sitter.Node | None, source: bytes) -> str:
    """Return the text of a definition up to its body, on one line."""
    end = body.start_byte if body is not None and body.start_byte > outer.start_byte else outer.end_byte
    return flatten(source[outer.start_byte : end].decode("utf-8", "replace")).rstrip(" {=;")


def read_modifiers(node: tree_sitter.Node, known: Iterable[str]) -> tuple[str, ...]:
    """Return which of the known words stand among a node's own tokens or its modifiers."""
    found = {child.type for child in node.children} | {
        read_text(part)
        for child in node.children
        if child.type.startswith("modifier")
        for part in (child.children or [child])
    }
    return tuple(sorted(found & set(known)))
