"""A file or definition in few lines: what it says of itself, what it defines, and what was said about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Count, Max

from processing.models import CodeObject, Memory, MemoryLink, SummaryKind
from processing.patterns.sightings import count
from processing.summaries.drafts import Draft, Line, Passage
from processing.summaries.sentences import cut
from processing.summaries.subjects import FILE, Subject
from processing.summaries.talk import pick_points, read_turns, select_spoken
from processing.summaries.versions import MOST_TALK

MOST_POINTS = 4
MOST_DEFINED = 12
LONGEST_DOCSTRING = 400
SOURCE_CHARACTERS = 6_000


def draft_code(subject: Subject, *, model: str) -> Draft:
    """Return the draft as the open scope's reader may see the code and the talk about it."""
    code = CodeObject.objects.select_related("file").get(pk=subject.row_id)
    parts = _list_parts(code)
    memories = Memory.objects.filter(pk__in=_find_talk(code))
    turns = read_turns(select_spoken(memories))
    talk = memories.aggregate(
        memories=Count("pk"), sessions=Count("session_id", distinct=True), last=Max("occurred_at")
    )
    return Draft(
        lines=[
            *_describe(code),
            *_outline(parts),
            *_count_talk(talk["memories"], talk["sessions"]),
            *pick_points(turns, model=model, most=MOST_POINTS),
        ],
        passages=[
            Passage("code", f"{code.signature}\n{code.docstring}\n{code.content}"[:SOURCE_CHARACTERS]),
            *(turn.passage for turn in turns),
        ],
        memories={turn.id: turn.content_hash for turn in turns},
        moment=max(filter(None, [subject.moment, talk["last"]]), default=None),
    )


def _find_talk(code: CodeObject) -> list[UUID]:
    """Return the newest memories about the code, of a file about anything in it: those of the fingerprint."""
    about = {"code_object__file_id": code.file_id} if code.kind == FILE else {"code_object_id": code.pk}
    links = MemoryLink.objects.filter(memory__workspace_id=code.workspace_id, **about)
    return list(links.order_by("-memory_id").values_list("memory_id", flat=True).distinct()[:MOST_TALK])


def _list_parts(code: CodeObject) -> Sequence[str]:
    """Return the names of what stands in a file or class, in the order of its lines."""
    inside = CodeObject.objects.filter(file_id=code.file_id).exclude(pk=code.pk).exclude(kind=FILE)
    if code.kind != FILE:
        inside = inside.filter(start_line__gte=code.start_line, end_line__lte=code.end_line)
        inside = inside.filter(qualified_name__startswith=f"{code.qualified_name}.")
    return list(inside.order_by("start_line", "uid").values_list("name", flat=True))


def _describe(code: CodeObject) -> Iterator[Line]:
    kind = SummaryKind.FILE if code.kind == FILE else code.kind
    where = f"{code.file.path}, {code.file.lines} lines of {code.file.language or 'text'}"
    named = where if code.kind == FILE else f"{code.qualified_name} ({code.file.path})"
    yield Line("about", f"{kind.capitalize()} {named}.")
    if code.signature.strip() and code.kind != FILE:
        yield Line("about", cut(code.signature, LONGEST_DOCSTRING))
    if code.docstring.strip():
        yield Line("about", cut(code.docstring.strip().partition("\n\n")[0], LONGEST_DOCSTRING))


def _outline(names: Sequence[str]) -> Iterator[Line]:
    if not names:
        return
    more = len(names) - MOST_DEFINED
    yield Line("outline", ", ".join(names[:MOST_DEFINED]) + (f" and {more} more" if more > 0 else ""))


def _count_talk(memories: int, sessions: int) -> Iterator[Line]:
    if memories:
        more = " or more" if memories >= MOST_TALK else ""
        told = count(memories, "memory") if memories == 1 else f"{memories}{more} memories"
        yield Line("talk", told + (f" in {count(sessions, 'session')}" if sessions else ""))
