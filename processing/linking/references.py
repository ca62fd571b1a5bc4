"""Finds the paths, names and commits that a memory speaks of, whether or not that code has arrived yet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from processing.models import CodeReference, Memory, Role

MOST_REFERENCES = 60
SCANNED_CHARACTERS = 20_000
# What a column holds and, since an index entry of Postgres has some 2,700 bytes, what can be looked up.
MOST_CHARACTERS, MOST_BYTES = 1_024, 2_048
HOW_OF_ACTION = {
    "edit": CodeReference.How.TOOL_EDIT,
    "write": CodeReference.How.TOOL_EDIT,
    "read": CodeReference.How.TOOL_READ,
}
# A path has a folder or is written as code; a bare `and/or` has no extension and is no path.
PATH = re.compile(
    r"(?<![\w/.:-])(?:\./)?((?:[\w@+-][\w.@+-]{0,99}/){0,12}[\w@+-][\w.@+-]{0,99}\.[A-Za-z]{1,5})(?![\w/])"
)
DOTTED = re.compile(r"(?<![\w.`/])`?([A-Za-z_]\w{1,80}(?:\.[A-Za-z_]\w{0,80}){1,6})(?![\w/])")
# In prose only what cannot be an English word counts as an identifier: snake_case, CamelCase, or in backticks.
SNAKE = re.compile(r"(?<![\w.])([a-z][a-z0-9]{0,40}(?:_[a-z0-9]{1,40}){1,8})(?![\w])")
CAMEL = re.compile(r"(?<![\w.])([A-Z][a-z0-9]{1,40}(?:[A-Z][a-z0-9]{0,40}){1,8})(?!\w)")
QUOTED = re.compile(r"`([A-Za-z_]\w{2,80})(?:\(\))?`")
# What `git commit` and `git log` print, and what people write; digits alone are a number, letters alone a word.
COMMIT = re.compile(
    r"(?:^\[[\w./-]{1,200}(?: \([\w -]{1,40}\))? |\bcommits? `?)"
    r"((?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40})(?![\w-])",
    re.MULTILINE,
)


def find_references(memory: Memory) -> list[CodeReference]:
    """Return the references of a memory, the surest first, each text once for each reason."""
    found: dict[tuple[str, str, str], CodeReference] = {}
    for kind, how, text in _scan(memory):
        key = (kind, how, text)
        if key in found or len(text) > MOST_CHARACTERS or len(text.encode()) > MOST_BYTES:
            continue
        found[key] = CodeReference(workspace_id=memory.workspace_id, memory=memory, kind=kind, how=how, text=text)
        if len(found) >= MOST_REFERENCES:
            break
    return list(found.values())


def _scan(memory: Memory) -> Iterator[tuple[str, str, str]]:
    path, name = CodeReference.Kind.PATH, CodeReference.Kind.NAME
    for file in (memory.tool or {}).get("files", ()):
        if file["action"] in HOW_OF_ACTION:
            yield path, HOW_OF_ACTION[file["action"]], file["path"]
    for text in memory.file_paths:
        yield path, CodeReference.How.EXACT_PATH, text
    words = memory.content[:SCANNED_CHARACTERS]
    for match in PATH.finditer(words):
        yield path, CodeReference.How.EXACT_PATH, match[1]
    for match in COMMIT.finditer(words):
        yield CodeReference.Kind.COMMIT, CodeReference.How.COMMIT, match[1]
    if memory.role == Role.TOOL:
        return  # a tool's output names everything it printed: its paths are evidence, its words are not
    for match in DOTTED.finditer(words):
        yield name, CodeReference.How.QUALIFIED_NAME, match[1]
    for pattern in (QUOTED, SNAKE, CAMEL):
        for match in pattern.finditer(words):
            yield name, CodeReference.How.IDENTIFIER, match[1]
