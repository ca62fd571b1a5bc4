"""What the search found in other conversations: the best stands last, just before the question."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from processing.memories.standing import Standing
from processing.models import Memory
from supastate.search.context.gathering import Turn
from supastate.search.context.model import Candidate, Form, LeftOut
from supastate.search.context.shortening import find_words, shorten
from supastate.search.rendering import describe_contradictions, describe_source
from supastate.search.searching import Hit

LIMITS = (400, 120)
REACH = 20
COMPARED_CHARACTERS = 4_000
SAME_WORDS = 0.85


@dataclass(frozen=True, slots=True)
class Found:
    """Memories in the order of their worth, and what is left out because it is read already."""

    candidates: Sequence[Candidate]
    left_out: Sequence[LeftOut]


def list_memories(hits: Sequence[tuple[int, Hit]], turns: Sequence[Turn], *, words: Collection[str]) -> Found:
    """Return the memories of hits, given with their ranks, without near duplicates of turns and of each other.

    Two texts are nearly the same if they share 85 % of the different words that either has (Jaccard's index).
    """
    read = [_compared_words(turn.text) for turn in turns]
    candidates: list[Candidate] = []
    left_out: list[LeftOut] = []
    for rank, hit in hits:
        memory = hit.subject
        if not isinstance(memory, Memory):
            continue
        these = _compared_words(memory.content)
        if any(_are_alike(these, others) for others in read):
            left_out.append(LeftOut(describe(memory), "near_duplicate"))
        else:
            read.append(these)
            candidates.append(_make_candidate(memory, rank, hit, words))
    return Found(candidates, left_out)


def _make_candidate(memory: Memory, rank: int, hit: Hit, words: Collection[str]) -> Candidate:
    heading = f"Earlier, {memory.occurred_at.date()}, {memory.role}{_tell_standing(hit.standing)}:\n"
    confidence = {"confidence": hit.standing.confidence.label} if hit.standing else {}
    return Candidate(
        role="system",
        source={**describe(memory), **confidence, **describe_contradictions(hit.standing)},
        forms=tuple(_list_forms(memory.content, heading, words)),
        why={"reason": "search", "rank": rank, "score": round(hit.match.score, 6)},
        place=-rank,
    )


def _tell_standing(standing: Standing | None) -> str:
    if standing is None:
        return ""
    if standing.contradicted_by:
        return " (contradicted by another memory)"
    return " (holds against a memory that it contradicts)" if standing.contradicts else ""


def _list_forms(text: str, heading: str, words: Collection[str]) -> Iterator[Form]:
    yield Form("full", heading + text)
    for most in LIMITS:
        short = shorten(text, most=most, words=words, reach=REACH)
        if short != text:
            yield Form("shortened", heading + short)


def describe(memory: Memory) -> dict[str, object]:
    """Return where a memory comes from."""
    described = describe_source(memory)
    kept = {name: described[name] for name in ("project", "session", "author", "role", "occurredAt", "line")}
    return {"kind": "memory", "id": memory.pk, **kept}


def _compared_words(text: str) -> frozenset[str]:
    return find_words(text[:COMPARED_CHARACTERS]) or frozenset({text.strip()})


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= SAME_WORDS * (len(one) + len(other) - shared)
