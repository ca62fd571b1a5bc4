"""Accepting raw session transcripts: `POST /api/ingest/transcript?format=claude-code`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from ingest.memory_rows import MemoryRow, StoredRow, store_rows
from ingest.models import Batch, MemoryQueue
from ingest.receipts import ItemOutcome, Receipt, Sender, record_batch
from ingest.request_fields import QUERY_KEYS, hash_key, read_project, read_visibility
from ingest.statements import run_statement
from ingest.transcripts.claude_code import mask_entry, read_lines
from ingest.transcripts.entries import Entry, Rejection
from ingest.transcripts.json_fields import read_text as read_text_field
from ingest.transcripts.lines import decode_line, hash_line, split_lines
from ingest.transcripts.memories import memories_of
from supastate.api.inputs import find_unknown, read_number, read_text
from supastate.errors import InvalidInputError
from supastate.queueing.notices import announce_work
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Visibility
from supastate.workspaces.projects import ProjectRef, ensure_project

FORMATS = {"claude-code": MemoryQueue.Format.CLAUDE_CODE}
LONGEST_SESSION = 255
LAST_LINE = 2_000_000_000


@dataclass(frozen=True, slots=True)
class TranscriptRequest:
    """A parsed `POST /api/ingest/transcript`: its query and its lines, still raw."""

    row_format: MemoryQueue.Format
    project: ProjectRef | None
    visibility: str
    session_key: str
    from_line: int
    raw: bytes
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Line:
    index: int
    line_no: int
    row: MemoryRow


Lines = Sequence[_Line | Rejection]


def parse_format(query: Mapping[str, Any]) -> MemoryQueue.Format:
    """Return the transcript's format, before its body is read."""
    name = read_text(query, "format", required=True, most=64)
    if name not in FORMATS:
        raise InvalidInputError(
            f"format must be one of: {', '.join(FORMATS)}.", code="unknown_format", field="format"
        )
    return FORMATS[name]


def parse_transcript_request(raw: bytes, query: Mapping[str, Any]) -> TranscriptRequest:
    """Read the query of a request with the decoded body `raw`."""
    lines = sum(1 for line in split_lines(raw) if line)
    if lines > settings.MAX_ITEMS:
        raise InvalidInputError(
            f"The transcript has more than {settings.MAX_ITEMS} lines: send it in parts, with fromLine.",
            code="too_many_items",
            limit=settings.MAX_ITEMS,
        )
    return TranscriptRequest(
        row_format=parse_format(query),
        project=read_project({}, query),
        visibility=read_visibility({}, query),
        session_key=read_text(query, "session", most=LONGEST_SESSION) or _find_session(raw),
        from_line=read_number(query, "fromLine", default=0, least=0, most=LAST_LINE),
        raw=raw,
        warnings=find_unknown(query, QUERY_KEYS | {"format", "session", "fromLine"}, "query"),
    )


def count_known_lines(request: TranscriptRequest, *, sender: Sender) -> dict[str, int]:
    """Return how often each line of a tail stands before it in the file; runs inside the sender's scope."""
    if request.from_line == 0:
        return {}
    parameters = {
        "workspace": sender.workspace_id,
        "session": request.session_key,
        "author": sender.author_id if sender.visibility == Visibility.PRIVATE else None,
        "hashes": [hash_line(line) for line in split_lines(request.raw) if line],
        "line": request.from_line,
    }
    with run_statement("count_known_lines", parameters) as cursor:
        return {f"sha256:{body_hash}": count for body_hash, count in cursor.fetchall()}


def build_lines(request: TranscriptRequest, known: Mapping[str, int], *, sender: Sender) -> Lines:
    """Return the row of each line, keyed and without its secrets, or why it is refused; needs no database."""
    return list(_build_lines(request, known, sender=sender))


def accept_transcript(request: TranscriptRequest, lines: Lines, *, sender: Sender) -> Receipt:
    """Store the lines of a request and its batch; runs inside the sender's scope."""
    batch_id = new_id()
    stored = store_rows(
        [line.row for line in lines if isinstance(line, _Line)],
        sender=sender,
        batch_id=batch_id,
        project_id=_find_project_id(request, sender=sender),
        session_key=request.session_key,
        row_format=request.row_format,
    )
    unclaimed = {key for key, row in stored.items() if row.is_new}
    items: list[ItemOutcome] = []
    masked = 0
    for line in lines:
        if isinstance(line, Rejection):
            index = line.line_no - request.from_line - 1
            items.append(ItemOutcome(index, "rejected", code=line.code, detail=line.detail, line=line.line_no))
            continue
        items.append(_judge(line, stored[line.row.key], is_first=line.row.key in unclaimed))
        masked += line.row.masked if line.row.key in unclaimed else 0
        unclaimed.discard(line.row.key)
    receipt = Receipt(batch_id, items, masked_secrets=masked)
    record_batch(receipt, sender=sender, kind=Batch.Kind.TRANSCRIPT)
    announce_work()
    return receipt


def _find_session(raw: bytes) -> str:
    for line in split_lines(raw):
        decoded = decode_line(line) if line else None
        if isinstance(decoded, dict):
            session = read_text_field(decoded, "sessionId")
            if session and len(session) <= LONGEST_SESSION:
                return session
    return ""


def _build_lines(
    request: TranscriptRequest, known: Mapping[str, int], *, sender: Sender
) -> Iterator[_Line | Rejection]:
    root = request.project.path if request.project else ""
    entries = read_lines(
        request.raw,
        request.from_line,
        occurrences_before=known,
        project_root=root or None,
        max_line_bytes=settings.MAX_ITEM_BYTES,
    )
    for entry in entries:
        if isinstance(entry, Rejection):
            yield entry
            continue
        row = _build_row(entry, key=_key_of(entry, request, sender=sender), root=root)
        yield _Line(entry.line_no - request.from_line - 1, entry.line_no, row)


def _key_of(entry: Entry, request: TranscriptRequest, *, sender: Sender) -> str:
    """A resumed session copies lines with their uuid: one line in two files is one row."""
    if entry.uuid:
        return hash_key(request.row_format, sender.audience, "uuid", entry.uuid)
    return hash_key(request.row_format, sender.audience, "line", request.session_key, entry.key)


def _build_row(entry: Entry, *, key: str, root: str) -> MemoryRow:
    masked, count = mask_entry(entry, project_root=root or None)
    payload = {"line": masked.raw}
    return MemoryRow(
        key=key,
        body_hash=entry.body_hash,
        payload={**payload, "projectRoot": root} if root else payload,
        masked=count,
        line_no=entry.line_no,
        says_nothing=not memories_of(masked),
    )


def _find_project_id(request: TranscriptRequest, *, sender: Sender) -> UUID | None:
    if request.project is None:
        return None
    return ensure_project(
        workspace_id=sender.workspace_id,
        author_id=sender.author_id,
        ref=request.project,
        visibility=sender.visibility,
    ).pk


def _judge(line: _Line, stored: StoredRow, *, is_first: bool) -> ItemOutcome:
    if is_first:
        return ItemOutcome(line.index, "new", id=stored.id, line=line.line_no)
    if line.row.body_hash == stored.body_hash:
        return ItemOutcome(line.index, "duplicate", id=stored.id, line=line.line_no)
    return ItemOutcome(
        line.index,
        "duplicate",
        id=stored.id,
        code="conflict",
        detail="This line is known with another body; the first version stays.",
        line=line.line_no,
    )
