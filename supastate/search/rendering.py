"""The wire form of what search finds."""

from __future__ import annotations

from typing import Any

from processing.models import CodeObject, Memory
from supastate.search.model import Kind, Match
from supastate.search.searching import Hit

TITLE_CHARACTERS = 120


def describe_hit(hit: Hit, *, explain: bool) -> dict[str, Any]:
    """Return one result."""
    body: dict[str, Any] = {
        "kind": hit.kind.value,
        "id": hit.subject.pk if hit.kind == Kind.MEMORY else hit.subject.uid,  # type: ignore[union-attr]
        "score": round(hit.match.score, 6),
        "title": _title(hit.subject),
        "snippet": hit.snippet.text,
        "highlights": [{"start": mark.start, "end": mark.end} for mark in hit.snippet.highlights],
        "source": describe_source(hit.subject),
        "collapsed": {"count": len(hit.match.collapsed), "ids": hit.match.collapsed},
    }
    if explain:
        body["explain"] = explain_match(hit.match)
    return body


def describe_source(subject: Memory | CodeObject) -> dict[str, Any]:
    """Return where a result comes from."""
    project = subject.project
    named = {"id": project.pk, "name": project.name} if project else None
    if isinstance(subject, Memory):
        session = subject.session
        return {
            "project": named,
            "session": {"id": session.pk, "key": session.key} if session else None,
            "author": {"id": subject.author_id, "name": subject.author.get_username()},
            "role": subject.role,
            "occurredAt": subject.occurred_at,
            "line": subject.source_line,
            "filePaths": subject.file_paths,
            "processingStatus": subject.processing_status,
        }
    return {
        "project": named,
        "path": subject.file.path,
        "language": subject.file.language,
        "codeKind": subject.kind,
        "qualifiedName": subject.qualified_name,
        "signature": subject.signature,
        "startLine": subject.start_line,
        "endLine": subject.end_line,
        "processingStatus": subject.processing_status,
    }


def explain_match(match: Match) -> dict[str, Any]:
    """Return the parts of a score, which is the sum of all contributions; similarity is 1 - cosine distance."""
    return {
        "vector": match.vector_rank
        and {
            "rank": match.vector_rank,
            "similarity": round(1 - (match.distance or 0.0), 4),
            "contribution": round(match.vector_part, 6),
        },
        "text": match.text_rank
        and {
            "rank": match.text_rank,
            "score": round(match.text_score or 0.0, 4),
            "contribution": round(match.text_part, 6),
        },
        "exact": {"contribution": round(match.exact_part, 6)},
        "speaker": {"contribution": round(match.speaker_part, 6)},
        "recency": {"contribution": round(match.recency_part, 6)},
    }


def _title(subject: Memory | CodeObject) -> str:
    if isinstance(subject, CodeObject):
        return subject.file.path if subject.kind == "file" else subject.qualified_name
    first = subject.content.strip().partition("\n")[0]
    return first if len(first) <= TITLE_CHARACTERS else f"{first[: TITLE_CHARACTERS - 1]}…"
