"""The labelled sessions are whole, and scoring counts what is right, wrong and missed."""

from __future__ import annotations

import json
from dataclasses import replace

from benchmarks.patterns.scoring import TYPE_OF, Found, score
from benchmarks.patterns.sessions import PARTS, Scenario, read_scenarios, write_transcript
from ingest.transcripts.claude_code import read_lines
from ingest.transcripts.entries import Entry


def find_as_written(scenario: Scenario) -> list[Found]:
    return [
        Found(scenario.name, item.subtype, "title", {**item.about, "sessions": 9}, item.sessions)
        for item in scenario.expected
    ]


def test_every_type_stands_in_both_parts_beside_sessions_without_any() -> None:
    scenarios = read_scenarios()
    assert sum(len(scenario.sessions) for scenario in scenarios) >= 60
    for part in PARTS:
        own = [scenario for scenario in scenarios if scenario.part == part]
        assert {TYPE_OF[item.subtype] for scenario in own for item in scenario.expected} == set(TYPE_OF.values())
        assert sum(not scenario.expected for scenario in own) >= len(own) / 4


def test_labels_name_sessions_of_their_scenario_and_no_session_comes_twice() -> None:
    scenarios = read_scenarios()
    keys = [session.key for scenario in scenarios for session in scenario.sessions]
    assert len(keys) == len(set(keys))
    for scenario in scenarios:
        assert {key for item in scenario.expected for key in item.sessions} <= {
            session.key for session in scenario.sessions
        }


def test_a_written_session_is_a_transcript_in_the_order_of_its_steps() -> None:
    for scenario in read_scenarios():
        for session in scenario.sessions:
            text = write_transcript(session, scenario.folder)
            entries = list(read_lines(text.encode()))
            assert all(isinstance(entry, Entry) and entry.kind == "message" for entry in entries)
            times = [json.loads(line)["timestamp"] for line in text.splitlines()]
            assert times == sorted(times)


def test_what_agrees_is_right_and_everything_else_wrong_or_missed() -> None:
    scenarios = [scenario for scenario in read_scenarios() if scenario.name in {"coupon", "ledger"}]
    found = [pattern for scenario in scenarios for pattern in find_as_written(scenario)]
    assert {name: (one.precision, one.recall) for name, one in score(scenarios, found).items()} == dict.fromkeys(
        TYPE_OF.values(), (1.0, 1.0)
    )
    first, second = found
    elsewhere = replace(second, sessions=frozenset({"ledger-1"}))
    counted = score(scenarios, [first, first, elsewhere])["debugging"]
    assert (counted.right, counted.wrong, counted.missed) == (1, 2, 1)
    assert len(counted.remarks) == 3
