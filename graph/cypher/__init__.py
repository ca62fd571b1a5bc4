"""Every Cypher statement of Supastate, one to a file; those of one store only in a folder of its name.

Labels and edge types cannot be parameters. Where a statement needs one, its file says `NodeLabel` or
`EdgeType` and is read once for each member of that enumeration: nothing else is ever put into its text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from graph.elements import EdgeType, NodeLabel

_FOLDER = Path(__file__).parent
_COMMENT = re.compile(r"^//.*\n", re.MULTILINE)


def read_statement(name: str) -> str:
    """Return the text of `<name>.cypher` without its comments; a store's own is `<store>/<name>`."""
    return _COMMENT.sub("", (_FOLDER / f"{name}.cypher").read_text(encoding="utf-8")).strip()


def read_for_labels(name: str) -> Mapping[NodeLabel, str]:
    """Return one statement for each node label."""
    text = read_statement(name)
    return MappingProxyType({label: text.replace("NodeLabel", label.value) for label in NodeLabel})


def read_for_types(name: str) -> Mapping[EdgeType, str]:
    """Return one statement for each edge type."""
    text = read_statement(name)
    return MappingProxyType({kind: text.replace("EdgeType", kind.value) for kind in EdgeType})
