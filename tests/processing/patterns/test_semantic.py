"""What is said again: joined to its leader by the cosine of the active model's vectors, and never moved again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from processing.embedding_models import active_model, add_model
from processing.models import (
    Embedding,
    EmbeddingModel,
    EmbedQueue,
    Memory,
    Pattern,
    PatternCheckpoint,
    PatternOccurrence,
    TopicLeader,
)
from tests.conftest import Member
from tests.processing.patterns.conversations import (
    NOON,
    Conversation,
    detect,
    evidence_of,
    make_project,
    patterns_of,
    snapshot,
)

RESET = [1.0, 0.0, 0.0, 0.0]
NEAR = [0.9, 0.4, 0.1, 0.0]
OTHER = [0.0, 1.0, 0.0, 0.0]
BETWEEN = [0.72, 0.69, 0.0, 0.0]


def give_vector(member: Member, memory: Memory, vector: Sequence[float], model: str = "") -> None:
    """Embed a memory by hand: its row is gone as if the embed stage had done it."""
    with member.scope():
        memory.refresh_from_db()
        Embedding.objects.get_or_create(
            workspace=member.workspace,
            subject_kind="memory",
            model=model or active_model().name,
            source_hash=memory.content_hash,
            chunk_no=0,
            defaults={"start": 0, "end": 1, "vector": list(vector)},
        )
        EmbedQueue.objects.filter(subject_id=memory.id).delete()


def say(member: Member, key: str, text: str, vector: Sequence[float] | None, **options: object) -> Memory:
    talk = Conversation(member, key, **options)  # type: ignore[arg-type]
    memory = talk.asks(text)
    talk.store()
    if vector is not None:
        give_vector(member, memory, vector)
    return memory


def say_three(member: Member, **options: object) -> list[Memory]:
    return [
        say(member, f"s{n}", f"How do I reset database {n}?", vector, begins=NOON + timedelta(days=n), **options)
        for n, vector in enumerate((RESET, NEAR, RESET))
    ]


def test_three_of_one_meaning_in_different_sessions_are_a_topic(ada: Member) -> None:
    said = say_three(ada)
    say(ada, "s9", "What colour has the header now?", OTHER)
    detect(ada)
    [pattern] = patterns_of(ada, "semantic")
    assert pattern.title == "“How do I reset database 0?” comes up again: 3 times in 3 sessions"
    assert evidence_of(ada, pattern) == [[memory.id] for memory in said]
    assert pattern.first_seen == said[0].occurred_at
    assert pattern.confidence == pytest.approx(1 - 0.8**3 * 0.7**2, abs=1e-4)


def test_below_the_threshold_nothing_joins(ada: Member) -> None:
    for number, vector in enumerate((RESET, BETWEEN, RESET)):
        say(ada, f"s{number}", f"How do I reset database {number}?", vector)
    detect(ada)
    assert patterns_of(ada, "semantic") == []
    with ada.scope():
        assert TopicLeader.objects.count() == 2


def test_short_words_and_one_session_alone_make_no_topic(ada: Member) -> None:
    for number in range(3):
        say(ada, f"s{number}", "go on", RESET)
    talk = Conversation(ada, "long")
    said = [talk.asks(f"Make the header dark blue {number}.") for number in range(3)]
    talk.store()
    for memory in said:
        give_vector(ada, memory, OTHER)
    detect(ada)
    assert patterns_of(ada, "semantic") == []


def test_a_rerun_and_a_lost_checkpoint_change_nothing(ada: Member) -> None:
    say_three(ada)
    detect(ada)
    before = snapshot(ada)
    with ada.scope():
        leaders = list(TopicLeader.objects.values_list("memory_id", flat=True))
        PatternCheckpoint.objects.all().delete()
    detect(ada)
    assert snapshot(ada) == before
    with ada.scope():
        assert list(TopicLeader.objects.values_list("memory_id", flat=True)) == leaders


def test_the_checkpoint_waits_for_vectors(ada: Member) -> None:
    first, second, third = (say(ada, f"s{n}", f"How do I reset database {n}?", None) for n in range(3))
    give_vector(ada, first, RESET)
    give_vector(ada, third, RESET)
    detect(ada)
    with ada.scope():
        assert PatternCheckpoint.objects.get(type="semantic").last_memory_id == first.id
    give_vector(ada, second, NEAR)
    detect(ada)
    [pattern] = patterns_of(ada, "semantic")
    assert pattern.frequency == 3


def test_projects_and_private_words_stay_apart(ada: Member, ben: Member) -> None:
    here = make_project(ada, "/here")
    say(ada, "a", "How do I reset the database?", RESET, project=here)
    say(ada, "b", "How do I reset the database?", RESET)
    say(ada, "c", "How do I reset the database?", RESET, visibility="private")
    say(ben, "d", "How do I reset the database?", RESET, visibility="private")
    detect(ada)
    with ada.scope():
        assert TopicLeader.objects.count() == 4
        assert PatternOccurrence.objects.filter(pattern__type="semantic").count() == 0


def test_words_that_become_private_are_quoted_to_nobody(ada: Member, ben: Member) -> None:
    said = say_three(ada)
    detect(ada)
    answer = ada.api.patch(f"/api/memories/{said[0].id}", {"visibility": "private"}, format="json")
    assert answer.status_code == 200, answer.json()
    with ada.scope():
        assert not Pattern.objects.filter(type="semantic").exists()
        assert not TopicLeader.objects.filter(memory=said[0]).exists()


def test_a_leader_made_private_behind_our_back_leads_nobody(ada: Member, ben: Member) -> None:
    leader = say(ada, "s1", "How do I reset the database?", RESET)
    detect(ada)
    with ada.scope():
        Memory.objects.filter(pk=leader.id).update(visibility="private")
    say(ben, "s2", "How do I reset our database?", RESET)
    detect(ada)
    with ada.scope():
        assert TopicLeader.objects.count() == 2
        assert not Pattern.objects.filter(type="semantic").exists()


def test_a_new_model_keeps_the_topics_and_signs_their_leaders_anew(ada: Member) -> None:
    said = say_three(ada)
    detect(ada)
    before = [pattern.pk for pattern in patterns_of(ada, "semantic")]
    old = active_model()
    new = add_model(old.spec)
    for memory in said:
        give_vector(ada, memory, [0.0, 0.0, 1.0], model=new.name)
    EmbeddingModel.objects.filter(name=old.name).update(state="filling")
    EmbeddingModel.objects.filter(name=new.name).update(state="active")
    say(ada, "s7", "How do I reset database 7?", [0.0, 0.1, 1.0])
    detect(ada)
    [pattern] = patterns_of(ada, "semantic")
    assert ([pattern.pk], pattern.frequency) == (before, 4)
    with ada.scope():
        assert set(TopicLeader.objects.values_list("model", flat=True)) == {new.name}


def test_a_forgotten_leader_takes_its_words_along(ada: Member) -> None:
    said = say_three(ada)
    detect(ada)
    assert ada.api.delete(f"/api/memories/{said[0].id}").status_code == 204
    with ada.scope():
        assert not Pattern.objects.filter(type="semantic").exists()
        assert not PatternOccurrence.objects.filter(memory_ids__contains=[said[0].id]).exists()
