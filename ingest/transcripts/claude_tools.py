"""Tool calls of Claude Code told in a line or two, and the files they touch.

Tools that are not known here (those of MCP servers, new ones) are told by their name and input.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.transcripts.bounding import bound_text
from ingest.transcripts.entries import FileAction, TextChange, ToolCall, TouchedFile
from ingest.transcripts.json_fields import read_integer, read_objects, read_text
from ingest.transcripts.paths import relative_to_project

_EDITED_TEXT_CHARACTERS = 1_000
_WRITTEN_TEXT_CHARACTERS = 4_000
_OTHER_INPUT_CHARACTERS = 2_000
_BECOMES = " → "


@dataclass(frozen=True, slots=True)
class Place:
    """Where the assistant stood: what its paths are relative to."""

    cwd: str | None
    project_root: str | None = None

    def relative(self, path: str) -> str:
        """Give the path in the project."""
        return relative_to_project(path, self.cwd, self.project_root)


@dataclass(frozen=True, slots=True)
class _Told:
    text: str
    command: str | None = None
    files: tuple[TouchedFile, ...] = ()
    changes: tuple[TextChange, ...] = ()


def read_tool_call(block: Mapping[str, Any], place: Place) -> ToolCall:
    """Read a `tool_use` block."""
    name = read_text(block, "name") or "unknown"
    tool_input = block.get("input") if isinstance(block.get("input"), dict) else {}
    tell = _TELLERS.get(name, _tell_other(name))
    told = tell(tool_input or {}, place)
    return ToolCall(
        name=name,
        call_id=read_text(block, "id") or "",
        text=told.text,
        command=told.command,
        files=told.files,
        changes=told.changes,
    )


def _tell_read(tool_input: Mapping[str, Any], place: Place) -> _Told:
    file = _file(tool_input, place, "read")
    offset, limit = read_integer(tool_input, "offset"), read_integer(tool_input, "limit")
    if offset is not None and limit is not None:
        return _Told(f"Read {_name(file)} lines {offset} to {offset + limit - 1}", files=file)
    return _Told(f"Read {_name(file)}", files=file)


def _tell_edit(tool_input: Mapping[str, Any], place: Place) -> _Told:
    file = _file(tool_input, place, "edit")
    edits = read_objects(tool_input, "edits") or (tool_input,)
    text = f"Edit {_name(file)}: "
    changes: list[TextChange] = []
    for old, new in map(_read_change, edits):
        start = len(text) + bool(changes)
        middle = start + len(old)
        told = f"{old}{_BECOMES}{new}"
        text += f"\n{told}" if changes else told
        changes.append(TextChange(start, middle, middle + len(_BECOMES), len(text)))
    return _Told(text, files=file, changes=tuple(changes))


def _read_change(edit: Mapping[str, Any]) -> tuple[str, str]:
    old = bound_text(read_text(edit, "old_string") or "", max_characters=_EDITED_TEXT_CHARACTERS)
    new = bound_text(read_text(edit, "new_string", "new_source") or "", max_characters=_EDITED_TEXT_CHARACTERS)
    return old, new


def _tell_write(tool_input: Mapping[str, Any], place: Place) -> _Told:
    file = _file(tool_input, place, "write")
    content = bound_text(read_text(tool_input, "content") or "", max_characters=_WRITTEN_TEXT_CHARACTERS)
    return _Told(f"Write {_name(file)}:\n{content}", files=file)


def _tell_shell(tool_input: Mapping[str, Any], _place: Place) -> _Told:
    command = read_text(tool_input, "command") or ""
    description = read_text(tool_input, "description")
    return _Told(f"$ {command}\n({description})" if description else f"$ {command}", command=command or None)


def _tell_search(tool_input: Mapping[str, Any], place: Place) -> _Told:
    file = _file(tool_input, place, "search")
    where = f" in {_name(file)}" if file else ""
    glob = read_text(tool_input, "glob")
    which = f" among {glob}" if glob else ""
    return _Told(f"Search for {read_text(tool_input, 'pattern') or 'everything'}{where}{which}", files=file)


def _tell_agent(tool_input: Mapping[str, Any], _place: Place) -> _Told:
    kind = read_text(tool_input, "subagent_type") or "general-purpose"
    description = read_text(tool_input, "description") or ""
    return _Told(f"Ask a sub-agent ({kind}): {description}\n{read_text(tool_input, 'prompt') or ''}".strip())


def _tell_fetch(tool_input: Mapping[str, Any], _place: Place) -> _Told:
    prompt = read_text(tool_input, "prompt")
    return _Told(f"Fetch {read_text(tool_input, 'url') or ''}" + (f": {prompt}" if prompt else ""))


def _tell_web_search(tool_input: Mapping[str, Any], _place: Place) -> _Told:
    return _Told(f"Search the web for {read_text(tool_input, 'query') or ''}")


def _tell_other(name: str) -> _Teller:
    def tell(tool_input: Mapping[str, Any], _place: Place) -> _Told:
        written = json.dumps(tool_input, ensure_ascii=False)
        return _Told(f"{name}: {bound_text(written, max_characters=_OTHER_INPUT_CHARACTERS)}")

    return tell


def _file(tool_input: Mapping[str, Any], place: Place, action: FileAction) -> tuple[TouchedFile, ...]:
    path = read_text(tool_input, "file_path", "notebook_path", "path")
    relative = place.relative(path) if path else "."
    # A search of the whole project touches no file in particular.
    return () if relative == "." else (TouchedFile(relative, action),)


def _name(file: tuple[TouchedFile, ...]) -> str:
    return file[0].path if file else "a file"


_Teller = Callable[[Mapping[str, Any], Place], _Told]

_TELLERS: Mapping[str, _Teller] = {
    "Read": _tell_read,
    "NotebookRead": _tell_read,
    "Edit": _tell_edit,
    "MultiEdit": _tell_edit,
    "NotebookEdit": _tell_edit,
    "Write": _tell_write,
    "Bash": _tell_shell,
    "PowerShell": _tell_shell,
    "Grep": _tell_search,
    "Glob": _tell_search,
    "LS": _tell_search,
    "Task": _tell_agent,
    "Agent": _tell_agent,
    "WebFetch": _tell_fetch,
    "WebSearch": _tell_web_search,
}
