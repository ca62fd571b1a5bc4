"""Reads the definitions of any grammar by its conventions: `class_definition`, `create_table` and the like, with a
name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import tree_sitter

from graph.facts import FileFacts
from graph.languages.builder import Draft, FactsBuilder, flatten, read_text
from graph.languages.language import Captures, words
from graph.naming import CLASS_KINDS

MAX_NAME = 200
_KINDS = {
    **{kind: kind for kind in words("class interface enum struct trait object module namespace type table view")},
    **dict.fromkeys(words("function method procedure"), "function"),
    **dict.fromkeys(words("section heading"), "section"),
    "protocol": "interface",
    "extension": "class",
    "actor": "class",
}
_COMMENT_SIGNS = (b"//", b"#", b"--", b"/*", b"*")
_SUFFIXES = words("definition declaration item statement")


def extract(language: str, root: tree_sitter.Node, source: bytes, captures: Captures) -> FileFacts:
    """Return the outline of a file: what it defines, and no calls."""
    lines = source.split(b"\n")
    drafts = [draft for node in captures.get("definition", ()) for draft in _draft(node, source, lines)]
    return FactsBuilder(language, drafts, CLASS_KINDS).build(root)


def _draft(node: tree_sitter.Node, source: bytes, lines: Sequence[bytes]) -> Iterator[Draft]:
    kind, text = _kind_of(node), flatten(_read_name(node))[:MAX_NAME].replace("`", "").strip(' #"[]')
    if kind and text:
        dotted = text if kind == "section" else text.replace(":", ".")
        name = text if kind == "section" else dotted.rpartition(".")[2]
        signature, comment = _signature(node, source), "" if kind == "section" else _read_comment(node, lines)
        qualified_name = dotted if dotted != name else ""
        yield Draft(kind, name, node, node, signature, comment, qualified_name=qualified_name)


def _kind_of(node: tree_sitter.Node) -> str:
    """Return what a node defines, empty for nothing: by its type, or by the keyword it begins with."""
    parts = node.type.split("_")
    word = parts[-2] if parts[-1] in _SUFFIXES and len(parts) > 1 else parts[-1]
    is_definition = parts[-1] in _SUFFIXES or parts[0] == "create" or len(parts) == 1 or word == "heading"
    kind = _KINDS.get(word, "") if is_definition else ""
    keywords = (_KINDS[child.type] for child in node.children if not child.is_named and child.type in _KINDS)
    return next(keywords, kind) if kind else ""


def _read_name(node: tree_sitter.Node) -> str:
    """Return a definition's name: its own field, that of the reference it holds, or a heading's text."""
    name = node.child_by_field_name("name") or node.child_by_field_name("heading_content")
    if name is not None:
        return read_text(name)
    for child in node.named_children:
        if child.type in {"object_reference", "atx_heading"}:
            return read_text(child.child_by_field_name("heading_content") or child)
    return ""


def _signature(node: tree_sitter.Node, source: bytes) -> str:
    body = node.child_by_field_name("body") or next(
        (c for c in node.named_children if c.type.endswith("body")), None
    )
    end = body.start_byte if body is not None else node.end_byte
    text = source[node.start_byte : end].decode("utf-8", "replace")
    return flatten(text if body is not None else text.partition("\n")[0]).rstrip(" {=")


def _read_comment(node: tree_sitter.Node, lines: Sequence[bytes]) -> str:
    """Return the comment directly above a definition, told by its lines: each grammar names it otherwise."""
    row = node.start_point.row
    first = row
    while first > 0 and lines[first - 1].strip().startswith(_COMMENT_SIGNS):
        first -= 1
    text = (line.decode("utf-8", "replace").strip().strip("/*#-!").strip() for line in lines[first:row])
    return "\n".join(line for line in text if line)
