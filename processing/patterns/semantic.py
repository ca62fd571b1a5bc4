"""Semantic: the same thing said again, in other words, in another session.

What a person says is grouped around leaders: the first of a kind leads, and what comes later joins the leader that
it is nearest to, if the cosine of their vectors is above 0.8; else it becomes a leader itself (leader clustering,
Hartigan 1975). So a group is never wider than its threshold, nobody changes groups because of what came later, and
a rerun finds every memory where it was. An index over bit signatures names the leaders that are worth comparing:
a new memory costs one look-up, however many there are, and no two old ones are ever compared.

When another embedding model becomes active, groups are kept, as a group is known by its leader and not by a
vector; the leaders' signatures are made anew before anything is compared (`sign_leaders_anew`).

Words too few to mean anything ("go on", "run the tests") are left out, and only what the model has read is looked
at: the checkpoint waits for what is not embedded yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from processing.embedding_models import active_model
from processing.models import Memory, PatternOccurrence, PatternSubtype, PatternType, TopicLeader
from processing.patterns.leaders import (
    NewLeader,
    allow_filtered_scans,
    find_leader,
    find_vectors,
    lead,
    sign,
    sign_leaders_anew,
)
from processing.patterns.reading import Step, Talk, read_prompts
from processing.patterns.sightings import (
    Audience,
    Description,
    Findings,
    Sighting,
    Subject,
    Tally,
    count,
    doubt,
    name_sighting,
)
from supastate.workspaces.models import Visibility

SAID = "s"
FEWEST_WORDS = 5
FEWEST_MEMORIES, FEWEST_SESSIONS = 3, 2
RELIABILITY_OF_MEMORY = 0.2
RELIABILITY_OF_SESSION = 0.3
TITLE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class _Topic:
    """A group, by the memory that leads it."""

    leader_id: UUID
    text: str


def find_topics(talk: Talk) -> Findings:
    """Return what of a conversation was said before or after; new leaders are written at once."""
    prompts = [prompt for prompt in read_prompts(talk) if len(prompt.beginning.split()) >= FEWEST_WORDS]
    candidates = frozenset(_name(prompt.memory_id) for prompt in prompts)
    known = _find_memberships(prompts)
    leading = _find_leading(prompts)
    sightings: dict[UUID, Sighting] = {}
    fresh = [prompt for prompt in prompts if prompt.memory_id not in known.keys() | leading]
    for prompt in prompts:
        topic = known.get(prompt.memory_id)
        if topic is not None:
            sightings[prompt.memory_id] = _build_sighting(prompt, topic, talk)
    for sighting in _place_all(fresh, talk):
        sightings.setdefault(sighting.memory_ids[0], sighting)
    return Findings(tuple(sightings.values()), candidates | {sighting.id for sighting in sightings.values()})


def follow_model(workspace_id: UUID) -> None:
    """Compare by the model that is active now; nothing to do while it is the one before."""
    sign_leaders_anew(active_model().name, workspace_id=workspace_id)


def describe_topic(details: dict[str, Any], tally: Tally) -> Description:
    """Title and confidence of what is said again.

    Confidence = 1 - 0.8^n * 0.7^(s-1), n memories in s sessions: noisy-or (Pearl 1988) of weak witnesses, to which
    another session adds more. It is 0 below 3 memories or in one session alone.
    """
    sure = 1 - doubt(RELIABILITY_OF_MEMORY, tally.occurrences) * doubt(RELIABILITY_OF_SESSION, tally.sessions - 1)
    is_enough = tally.occurrences >= FEWEST_MEMORIES and tally.sessions >= FEWEST_SESSIONS
    return Description(
        title=f"“{details['text']}” comes up again: {count(tally.occurrences, 'time')}"
        f" in {count(tally.sessions, 'session')}",
        confidence=round(sure, 4) if is_enough else 0.0,
        details={**details, "sessions": tally.sessions},
    )


def _find_memberships(prompts: Sequence[Step]) -> dict[UUID, _Topic]:
    """Return the groups that memories were put into, unless they have changed their audience since."""
    prompt_of = {_name(prompt.memory_id): prompt for prompt in prompts}
    rows = PatternOccurrence.objects.filter(pk__in=list(prompt_of)).select_related("pattern")
    return {
        prompt_of[row.pk].memory_id: _topic_of(row.pattern.details)
        for row in rows
        if row.pattern.key == _subject_of(prompt_of[row.pk], _topic_of(row.pattern.details)).key
    }


def _find_leading(prompts: Sequence[Step]) -> frozenset[UUID]:
    """Return those that lead a group of one: with company they are members of their own group."""
    ids = [prompt.memory_id for prompt in prompts]
    return frozenset(TopicLeader.objects.filter(memory_id__in=ids).values_list("memory_id", flat=True))


def _place_all(prompts: Sequence[Step], talk: Talk) -> Iterator[Sighting]:
    """Put new memories into groups, each after the other: the second may join the first."""
    if not prompts:
        return
    model = active_model().name
    allow_filtered_scans()
    vectors = find_vectors([prompt.memory_id for prompt in prompts], model=model)
    for prompt in prompts:
        vector = vectors.get(prompt.memory_id)
        if vector is None:
            continue
        newcomer = NewLeader(prompt.memory_id, prompt.project_id, prompt.audience, model, vector, sign(vector))
        leader_id = find_leader(newcomer)
        if leader_id is None:
            lead(newcomer, workspace_id=talk.workspace_id)
            continue
        leader = Memory.objects.get(pk=leader_id)
        topic = _Topic(leader_id, _cut(leader.content))
        yield _build_sighting(prompt, topic, talk)
        yield _sight_leader(leader, topic)


def _build_sighting(prompt: Step, topic: _Topic, talk: Talk) -> Sighting:
    return _sight(prompt.memory_id, _subject_of(prompt, topic), talk.id, prompt.occurred_at, prompt.beginning)


def _sight_leader(leader: Memory, topic: _Topic) -> Sighting:
    audience = Audience(leader.author_id, is_private=leader.visibility == Visibility.PRIVATE)
    subject = Subject(audience, leader.project_id, PatternSubtype.TOPIC, _about(topic))
    return _sight(leader.pk, subject, leader.session_id or leader.pk, leader.occurred_at, leader.content)


def _sight(memory_id: UUID, subject: Subject, session_id: UUID, moment: datetime, text: str) -> Sighting:
    return Sighting(
        id=_name(memory_id),
        subject=subject,
        witness=session_id,
        mark=SAID,
        started_at=moment,
        occurred_at=moment,
        memory_ids=(memory_id,),
        summary=_cut(text),
    )


def _subject_of(prompt: Step, topic: _Topic) -> Subject:
    return Subject(prompt.audience, prompt.project_id, PatternSubtype.TOPIC, _about(topic))


def _topic_of(details: dict[str, Any]) -> _Topic:
    return _Topic(UUID(details["memory"]), details["text"])


def _about(topic: _Topic) -> tuple[tuple[str, str], ...]:
    return (("memory", str(topic.leader_id)), ("text", topic.text))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_CHARACTERS else f"{line[: TITLE_CHARACTERS - 1]}…"


def _name(memory_id: UUID) -> UUID:
    return name_sighting(PatternType.SEMANTIC, memory_id)
