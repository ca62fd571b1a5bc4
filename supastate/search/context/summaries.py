"""Summaries worth reading: of the session's earlier turns, those that the search found, of the newest sessions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from processing.models import Summary
from supastate.search.context.gathering import Gathered
from supastate.search.context.model import Candidate, Form
from supastate.search.context.shortening import shorten
from supastate.search.rendering import describe_source
from supastate.search.searching import Hit

LIMITS = (200, 80)


def list_summaries(
    gathered: Gathered, hits: Sequence[tuple[int, Hit]], *, words: Collection[str]
) -> list[Candidate]:
    """Return summaries in the order of their worth, each once; the newest of what they tell is read last."""
    worth: dict[object, tuple[Summary, Mapping[str, Any]]] = {}
    for summary, why in _list_all(gathered, hits):
        worth.setdefault(summary.pk, (summary, why))
    by_time = sorted(worth, key=lambda key: (worth[key][0].moment, str(key)))
    return [_make_candidate(*worth[key], place=by_time.index(key), words=words) for key in worth]


def _list_all(gathered: Gathered, hits: Sequence[tuple[int, Hit]]) -> Iterator[tuple[Summary, Mapping[str, Any]]]:
    if gathered.own_summary is not None:
        yield gathered.own_summary, {"reason": "session"}
    own = gathered.session.pk if gathered.session else None
    for rank, hit in hits:
        if isinstance(hit.subject, Summary) and (own is None or hit.subject.session_id != own):
            yield hit.subject, {"reason": "search", "rank": rank, "score": round(hit.match.score, 6)}
    for summary in gathered.recent:
        yield summary, {"reason": "recent"}


def _make_candidate(summary: Summary, why: Mapping[str, Any], *, place: int, words: Collection[str]) -> Candidate:
    described = describe_source(summary)
    kept = {name: described[name] for name in ("subject", "project", "session", "method", "stale", "occurredAt")}
    named = summary.name or summary.path
    heading = f"Summary, {summary.moment.date()}, {summary.kind}{f' {named}' if named else ''}:\n"
    texts = [summary.content, *(shorten(summary.content, most=most, words=words) for most in LIMITS)]
    return Candidate(
        role="system",
        source={"kind": "summary", "id": summary.pk, **kept},
        forms=tuple(
            Form("shortened" if number else "full", heading + text)
            for number, text in enumerate(dict.fromkeys(texts))
        ),
        why=why,
        place=place,
    )
