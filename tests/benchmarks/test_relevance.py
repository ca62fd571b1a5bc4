"""The harness of relevance: what it reads, and how it counts. Wrong scores would choose wrong numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.relevance.beam import read_memories
from benchmarks.relevance.cosqa import read_code
from benchmarks.relevance.questions import Question, Text
from benchmarks.relevance.scoring import describe, score


def write_chat(folder: Path, number: int, evidence: Any) -> None:
    """Write one chat of two messages with one question."""
    chat = folder / str(number)
    (chat / "probing_questions").mkdir(parents=True)
    turn = [
        {"role": "user", "id": 0, "time_anchor": "March-15-2024", "content": "My sprint ends on Friday. ->-> 1,2"},
        {"role": "assistant", "id": 1, "content": "I see."},
    ]
    later = [{"role": "user", "id": 2, "time_anchor": "March-17-2024", "content": "It ends on Monday."}]
    (chat / "chat.json").write_text(json.dumps([{"batch_number": 1, "turns": [turn, later]}]))
    questions = {
        "information_extraction": [{"question": "When does it end?", "source_chat_ids": evidence}],
        "abstention": [{"question": "Who is Ada?"}],
    }
    (chat / "probing_questions" / "probing_questions.json").write_text(json.dumps(questions))


@pytest.mark.parametrize("evidence", [[0, 2], {"first": [0], "second": [2]}, [0, [2, 99]]])
def test_a_chat_is_read_with_what_its_questions_point_at(tmp_path: Path, evidence: Any) -> None:
    write_chat(tmp_path, 1, evidence)
    write_chat(tmp_path, 2, [1])
    data = read_memories(tmp_path)
    assert [text.content for text in data.texts[:3]] == [
        "My sprint ends on Friday.",
        "I see.",
        "It ends on Monday.",
    ]
    first, second, third = (text.moment for text in data.texts[:3])
    assert first == second
    assert third is not None
    assert first is not None
    assert (third - first).days == 2
    [asked] = data.tuning
    assert (asked.text, asked.group, asked.answers) == ("When does it end?", "1", frozenset({"1/0", "1/2"}))
    assert [question.answers for question in data.reported] == [frozenset({"2/1"})]


def test_a_folder_without_chats_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"chat\.json"):
        read_memories(tmp_path)


def test_functions_are_read_with_the_questions_of_both_parts(tmp_path: Path) -> None:
    (tmp_path / "code_idx_map.txt").write_text(json.dumps({"def one(): pass": 0, "def two(): pass": 1}))
    for part, place in (("dev", 1), ("test", 0)):
        (tmp_path / f"cosqa-retrieval-{part}-500.json").write_text(
            json.dumps([{"doc": f"question of {part}", "retrieval_idx": place}])
        )
    data = read_code(tmp_path)
    assert [text.id for text in data.texts] == ["c0.py", "c1.py"]
    assert data.tuning == [Question("question of dev", "cosqa", frozenset({"c1.py"}))]
    assert data.reported == [Question("question of test", "cosqa", frozenset({"c0.py"}))]


def test_recall_is_a_share_of_the_answers_and_the_first_place_counts_for_the_rank() -> None:
    places = [{f"n{number}"} for number in range(30)]
    [found] = describe([score("one", [places, [{"x"}, {"y", "z"}]], [{"n4", "n5", "n12", "n25"}, {"z"}])])
    assert found == {
        "name": "one",
        "questions": 2,
        "recall_5": 0.625,
        "recall_10": 0.75,
        "recall_20": 0.875,
        "mrr": 0.35,
    }


def test_an_answer_beyond_the_twentieth_place_is_not_found() -> None:
    places = [{f"n{number}"} for number in range(30)]
    found = score("one", [places], [{"n20"}])
    assert (found.recall_20, found.mrr) == (0, 0)


@pytest.mark.parametrize("stems", [False, True])
def test_the_yardstick_stays_inside_a_group_and_finds_nothing_for_unknown_words(stems: bool) -> None:
    bm25 = pytest.importorskip("benchmarks.relevance.bm25", reason="bm25s is not installed")
    texts = [
        Text("1", "a", "the lease is long"),
        Text("2", "a", "a cat sleeps on a lease of a cat"),
        Text("3", "b", "lease lease lease"),
    ]
    find = bm25.make_bm25(texts, stems=stems)
    assert set(find(Question("lease", "a", frozenset()), 5)) == {"1", "2"}
    assert find(Question("cat", "a", frozenset()), 5) == ["2"]
    assert find(Question("zebra", "a", frozenset()), 5) == []
