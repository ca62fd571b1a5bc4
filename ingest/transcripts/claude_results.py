"""Tool results of Claude Code: what the tool answered, and whether it worked.

A result is told twice: as the block the model saw (`tool_result`) and as what the program keeps for itself
(`toolUseResult`: an object whose fields depend on the tool, or a text for an error). The block gives the
words, the program's own gives what the words leave open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ingest.transcripts.claude_text import read_tool_answer
from ingest.transcripts.claude_tools import Place
from ingest.transcripts.entries import FileAction, ToolResult, TouchedFile
from ingest.transcripts.json_fields import read_flag, read_integer, read_object, read_text, read_texts

_EXIT_CODE = re.compile(r"(?:Error: )?Exit code (\d{1,9})\b")
_STILL_RUNNING = {"async_launched", "running", "remote_launched"}
_MAX_FOUND_FILES = 50


def read_tool_result(block: Mapping[str, Any], kept: object, place: Place) -> ToolResult:
    """Read a `tool_result` block together with the line's `toolUseResult`, here `kept`."""
    details: Mapping[str, Any] = kept if isinstance(kept, dict) else {}
    text = read_tool_answer(_block_text(block.get("content"))) or _kept_text(kept)
    success = _read_success(block, details)
    return ToolResult(
        call_id=read_text(block, "tool_use_id") or "",
        text=text,
        success=success,
        exit_code=_read_exit_code(text, details, success=success),
        files=_read_files(details, place),
    )


def _block_text(content: object) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "\n".join(_piece_text(piece) for piece in content if isinstance(piece, dict))


def _piece_text(piece: Mapping[str, Any]) -> str:
    return "[image]" if piece.get("type") == "image" else read_text(piece, "text") or ""


def _kept_text(kept: object) -> str:
    if isinstance(kept, str):
        return read_tool_answer(kept)
    if not isinstance(kept, dict):
        return ""
    streams = (read_text(kept, "stdout"), read_text(kept, "stderr"))
    return read_tool_answer("\n".join(stream for stream in streams if stream))


def _read_success(block: Mapping[str, Any], details: Mapping[str, Any]) -> bool | None:
    failed = read_flag(block, "is_error") or read_flag(details, "is_error") or read_flag(details, "interrupted")
    if failed:
        return False
    is_running = read_text(details, "backgroundTaskId") or read_text(details, "status") in _STILL_RUNNING
    return None if is_running else True


def _read_exit_code(text: str, details: Mapping[str, Any], *, success: bool | None) -> int | None:
    stated = read_integer(details, "exitCode")
    if stated is not None:
        return stated
    if success is False:
        match = _EXIT_CODE.match(text)
        return int(match.group(1)) if match else None
    # Only a shell command keeps its output streams, and a command that failed is an error block.
    return 0 if success and "stdout" in details else None


def _read_files(details: Mapping[str, Any], place: Place) -> tuple[TouchedFile, ...]:
    read = read_text(read_object(details, "file"), "filePath")
    if read:
        return (TouchedFile(place.relative(read), "read"),)
    changed = read_text(details, "filePath")
    if changed:
        return (TouchedFile(place.relative(changed), _changed_how(details)),)
    found = read_texts(details, "filenames")[:_MAX_FOUND_FILES]
    return tuple(TouchedFile(place.relative(path), "search") for path in found)


def _changed_how(details: Mapping[str, Any]) -> FileAction:
    return "write" if read_text(details, "type") in {"create", "update"} else "edit"
