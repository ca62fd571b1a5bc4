"""What a file's facts and text give to be stored and searched: one object a definition, and one for the file
itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph import naming
from graph.facts import MODULE_SCOPE, FileFacts
from graph.parsing import encode_source


@dataclass(frozen=True, slots=True)
class CodeObject:
    """One searchable piece of code; its `uid` is that of the graph's node.

    `text` is its source. A class's and a file's leave out the definitions inside, which are objects themselves.
    """

    uid: str
    kind: str
    name: str
    qualified_name: str
    signature: str
    docstring: str
    start_line: int
    end_line: int
    text: str


def describe_definitions(project_uid: str, path: str, facts: FileFacts, text: str) -> tuple[CodeObject, ...]:
    """Return the file's own object, then one for each definition in source order."""
    source = encode_source(text)
    children: dict[int, list[tuple[int, int]]] = {}
    for definition in facts.definitions:
        children.setdefault(definition.parent, []).append((definition.start_byte, definition.end_byte))
    return (
        _describe_file(project_uid, path, facts, source, children.get(MODULE_SCOPE, [])),
        *_describe_all(project_uid, path, facts, source, children),
    )


def _describe_file(
    project_uid: str, path: str, facts: FileFacts, source: bytes, children: list[tuple[int, int]]
) -> CodeObject:
    return CodeObject(
        uid=naming.file_uid(project_uid, path),
        kind=naming.FILE_KIND,
        name=path.rpartition("/")[2],
        qualified_name=naming.name_module(path),
        signature=path,
        docstring=facts.docstring,
        start_line=1,
        end_line=facts.lines,
        text="" if "binary" in facts.marks else _cut_out(source, 0, len(source), children),
    )


def _describe_all(
    project_uid: str, path: str, facts: FileFacts, source: bytes, children: dict[int, list[tuple[int, int]]]
) -> Iterator[CodeObject]:
    for number, definition in enumerate(facts.definitions):
        inner = children.get(number, []) if definition.kind in naming.CLASS_KINDS else []
        yield CodeObject(
            uid=naming.definition_uid(project_uid, path, definition),
            kind=definition.kind,
            name=definition.name,
            qualified_name=naming.qualify(path, definition),
            signature=definition.signature,
            docstring=definition.docstring,
            start_line=definition.start_line,
            end_line=definition.end_line,
            text=_cut_out(source, definition.start_byte, definition.end_byte, inner),
        )


def _cut_out(source: bytes, start: int, end: int, holes: list[tuple[int, int]]) -> str:
    """Return the source from `start` to `end` without the holes and without the blank lines they leave."""
    pieces = []
    for hole_start, hole_end in sorted(holes):
        if hole_start >= start:
            pieces.append(source[start:hole_start])
            start = max(start, hole_end)
    pieces.append(source[start:end])
    text = b"".join(pieces).decode("utf-8", "replace")
    if not holes:
        return text
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())
