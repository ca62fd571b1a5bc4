"""The JSONL transcripts of Claude Code (`~/.claude/projects/<project>/<session>.jsonl` and its sub-agents').

The format is not documented and grows: a field of an unexpected shape counts as absent, a line of unknown
type is kept as `other`. Known and deliberately not text of the memory: thinking blocks (the model's scratch
paper, often wrong, and signed), what the program writes in the person's name (`isMeta`), the bookkeeping
types. All of it stays in the stored raw line.

**Keys.** A line's key is its `uuid`. A line without one (a summary, a snapshot, a mode change) is known by
`sha256:<hash of the line>#<n>`, n being its occurrence in the file from 1. Lines that hash the same are the
same, so it does not matter which occurrence is called which, only that their number is right: a client that
sends only a tail gives `from_line`, and the caller gives `occurrences_before`, how many lines of each hash
it already holds of that session with `line_no <= from_line`. The keys of a tail are then those of the
whole file, in whatever order the parts arrive; without it a repeated line of the tail would pass as one of
the head.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ingest.checks import MAX_ITEM_BYTES, ItemError, parse_timestamp
from ingest.secrets import mask_json
from ingest.transcripts.claude_results import read_tool_result
from ingest.transcripts.claude_text import drop_reminders, read_spoken
from ingest.transcripts.claude_tools import Place, read_tool_call
from ingest.transcripts.entries import (
    Entry,
    EntryKind,
    Part,
    Rejection,
    Role,
    SummaryPart,
    TextPart,
)
from ingest.transcripts.json_fields import read_flag, read_object, read_objects, read_text
from ingest.transcripts.lines import decode_line, hash_line, split_lines

_LONGEST_UUID = 128
_BOOKKEEPING = frozenset(
    {
        "agent-name",
        "agent-setting",
        "ai-title",
        "attachment",
        "bridge-session",
        "custom-title",
        "file-history-delta",
        "file-history-snapshot",
        "last-prompt",
        "mode",
        "permission-mode",
        "pr-link",
        "progress",
        "queue-operation",
        "tag",
        "worktree-state",
    }
)


@dataclass(frozen=True, slots=True)
class _Said:
    kind: EntryKind
    role: Role
    parts: tuple[Part, ...] = ()


def read_lines(
    raw: bytes | Iterable[bytes],
    from_line: int = 0,
    *,
    occurrences_before: Mapping[str, int] | None = None,
    project_root: str | None = None,
    max_line_bytes: int = MAX_ITEM_BYTES,
) -> Iterator[Entry | Rejection]:
    """Read a transcript, whole or from the line after `from_line`; blank lines are counted and left out.

    `raw` is the file, or its chunks cut anywhere. `occurrences_before` maps the part of a key before `#` to
    the number of such lines up to `from_line` (see above). `project_root` is the project's path on the
    client, to which paths are made relative; without it, each line's `cwd` is.
    """
    occurrences = Counter(occurrences_before or {})
    for line_no, line in enumerate(split_lines(raw), start=from_line + 1):
        if not line:
            continue
        decoded = decode_line(line, max_bytes=max_line_bytes)
        if isinstance(decoded, ItemError):
            yield Rejection(line_no, decoded.code, decoded.detail)
            continue
        body_hash = hash_line(line)
        key = _read_uuid(decoded)
        if key is None:
            occurrences[f"sha256:{body_hash}"] += 1
            key = f"sha256:{body_hash}#{occurrences[f'sha256:{body_hash}']}"
        entry = build_entry(decoded, line_no=line_no, key=key, body_hash=body_hash, project_root=project_root)
        yield Rejection(line_no, entry.code, entry.detail) if isinstance(entry, ItemError) else entry


def build_entry(
    raw: Mapping[str, Any], *, line_no: int, key: str, body_hash: str, project_root: str | None = None
) -> Entry | ItemError:
    """Build the entry of one decoded line, fresh or stored; refused only for its timestamp."""
    type_name = read_text(raw, "type") or ""
    place = Place(read_text(raw, "cwd"), project_root)
    said = _SAYERS.get(type_name, _say_nothing)(raw, place)
    timestamp = _read_timestamp(raw)
    if isinstance(timestamp, ItemError):
        # Of a line that says nothing, a strange timestamp is no reason to lose it.
        if said.kind in {"bookkeeping", "other"}:
            timestamp = None
        else:
            return timestamp
    return Entry(
        line_no=line_no,
        key=key,
        body_hash=body_hash,
        kind=said.kind,
        type_name=type_name,
        role=said.role,
        uuid=_read_uuid(raw),
        parent_uuid=read_text(raw, "parentUuid", "logicalParentUuid"),
        session_id=read_text(raw, "sessionId"),
        timestamp=timestamp,
        cwd=place.cwd,
        git_branch=read_text(raw, "gitBranch"),
        is_sidechain=read_flag(raw, "isSidechain"),
        is_meta=read_flag(raw, "isMeta"),
        agent_id=read_text(raw, "agentId"),
        parts=said.parts,
        raw=raw,
    )


def mask_entry(entry: Entry, *, project_root: str | None = None) -> tuple[Entry, int]:
    """Take the secrets out of an entry, raw line and parts; also give how many there were.

    Key and body hash stay those of the line as it was sent, so that sending it again is recognised even
    after the masking has learnt a new pattern.
    """
    raw, count = mask_json(entry.raw)
    if not count:
        return entry, 0
    place = Place(entry.cwd, project_root)
    return replace(entry, raw=raw, parts=_SAYERS.get(entry.type_name, _say_nothing)(raw, place).parts), count


def _read_uuid(raw: Mapping[str, Any]) -> str | None:
    uuid = read_text(raw, "uuid")
    return uuid if uuid and len(uuid) <= _LONGEST_UUID else None


def _read_timestamp(raw: Mapping[str, Any]) -> datetime | ItemError | None:
    value = raw.get("timestamp")
    return None if value is None else parse_timestamp(value)


def _say_user(raw: Mapping[str, Any], place: Place) -> _Said:
    message = read_object(raw, "message")
    if read_flag(raw, "isCompactSummary"):
        text = "\n".join(_texts(message))
        return _Said("summary", "system", (SummaryPart(text),) if text.strip() else ())
    blocks = [b for b in read_objects(message, "content") if b.get("type") == "tool_result"]
    # Of several results in one line, nobody knows whose details the program kept.
    kept = raw.get("toolUseResult") if len(blocks) == 1 else None
    results = tuple(read_tool_result(block, kept, place) for block in blocks)
    spoken = tuple(TextPart(text) for text in map(read_spoken, _texts(message)) if text)
    return _Said("message", "tool" if results else "user", results + spoken)


def _say_assistant(raw: Mapping[str, Any], place: Place) -> _Said:
    message = read_object(raw, "message")
    # Not the model's words: the program reports that the model could not be reached.
    if read_flag(raw, "isApiErrorMessage") or message.get("model") == "<synthetic>":
        return _Said("system", "system")
    content = message.get("content")
    if isinstance(content, str):
        return _Said("message", "assistant", _text_parts(content))
    parts = [part for block in read_objects(message, "content") for part in _say_block(block, place)]
    return _Said("message", "assistant", tuple(parts))


def _say_block(block: Mapping[str, Any], place: Place) -> tuple[Part, ...]:
    if block.get("type") == "tool_use":
        return (read_tool_call(block, place),)
    return _text_parts(block.get("text")) if block.get("type") == "text" else ()


def _say_system(raw: Mapping[str, Any], _place: Place) -> _Said:
    return _Said("system", "system", _text_parts(raw.get("content")))


def _say_summary(raw: Mapping[str, Any], _place: Place) -> _Said:
    summary = read_text(raw, "summary")
    parts = (SummaryPart(summary, read_text(raw, "leafUuid")),) if summary else ()
    return _Said("summary", "system", parts)


def _say_attachment(raw: Mapping[str, Any], _place: Place) -> _Said:
    attachment = read_object(raw, "attachment")
    # What the person typed while the assistant was busy is found nowhere else in the file.
    if attachment.get("type") != "queued_command":
        return _Said("bookkeeping", "system")
    prompt = attachment.get("prompt")
    texts = [prompt] if isinstance(prompt, str) else _texts({"content": prompt})
    return _Said("message", "user", tuple(TextPart(text) for text in map(read_spoken, texts) if text))


def _say_nothing(raw: Mapping[str, Any], _place: Place) -> _Said:
    return _Said("bookkeeping" if read_text(raw, "type") in _BOOKKEEPING else "other", "system")


def _texts(message: Mapping[str, Any]) -> list[str]:
    content = message.get("content")
    if isinstance(content, str):
        return [content]
    blocks = (block for block in read_objects(message, "content") if block.get("type") == "text")
    return [text for block in blocks if (text := read_text(block, "text"))]


def _text_parts(text: object) -> tuple[TextPart, ...]:
    kept = drop_reminders(text).strip() if isinstance(text, str) else ""
    return (TextPart(kept),) if kept else ()


_SAYERS: Mapping[str, Callable[[Mapping[str, Any], Place], _Said]] = {
    "user": _say_user,
    "assistant": _say_assistant,
    "system": _say_system,
    "summary": _say_summary,
    "attachment": _say_attachment,
}
