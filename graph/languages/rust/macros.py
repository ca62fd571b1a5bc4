"""Calls in what is handed to a Rust macro, where the grammar sees no expressions but only tokens."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter

from graph.facts import Expression
from graph.languages.builder import read_text
from graph.languages.rust.expressions import PATH_MARK, TRANSPARENT_CALLS, name_root, place_path

_NAMES = frozenset({"identifier", "self", "crate", "super", "type_identifier", "field_identifier"})


def read_calls(tokens: tree_sitter.Node) -> Iterator[tuple[tree_sitter.Node, Expression]]:
    """Yield each call among the tokens of a macro's use: the node of its name and what is called."""
    if not _is_used(tokens):
        return
    chain: list[str] = []
    joined = dotted = is_path = False
    name: tree_sitter.Node | None = None
    for node in tokens.children:
        if node.type in _NAMES:
            chain = [*chain, read_text(node)] if joined else [read_text(node)]
            is_path = is_path and joined
            name, joined = node, False
        elif node.type in {".", "::"} and chain:
            dotted, joined = node.type == ".", True
            is_path = is_path or (len(chain) == 1 and not dotted)
        elif node.type == "token_tree" and chain and name is not None and node.children[0].type == "(":
            yield name, _join(chain, tokens, is_path=is_path)
            chain = chain[:-1] if dotted and chain[-1] in TRANSPARENT_CALLS else [*chain, "()"]
            name = None
        elif node.type != "?":
            chain, joined, dotted, name = [], False, False, None


def _is_used(tokens: tree_sitter.Node) -> bool:
    parent = tokens.parent
    while parent is not None and parent.type == "token_tree":
        parent = parent.parent
    return parent is not None and parent.type == "macro_invocation"


def _join(chain: list[str], tokens: tree_sitter.Node, *, is_path: bool) -> Expression:
    if chain[0] in {"crate", "super"}:
        module, rest = place_path(chain, tokens)
        return ".".join([module.replace(".", PATH_MARK) + PATH_MARK, *rest])
    return ".".join([name_root(chain[0]), *chain[1:]] if is_path else chain)
