"""What was found against what is written: a pattern is right if subtype, matter and sessions agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.patterns.sessions import Expected, Scenario

TYPE_OF = {
    "fix": "debugging",
    "failing_command": "debugging",
    "study": "learning",
    "rename": "refactoring",
    "move": "refactoring",
    "burst": "temporal",
    "rhythm": "temporal",
    "topic": "semantic",
    "recurring_file": "memory_code",
    "changed_together": "memory_code",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern as the server told it, with the keys of the sessions that show it."""

    scenario: str
    subtype: str
    title: str
    details: Mapping[str, object]
    sessions: frozenset[str]


@dataclass(slots=True)
class Score:
    """Counts of one type. Precision and recall are 1 where nothing was found or nothing is there."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of what was found that is there."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of what is there that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def score(scenarios: Sequence[Scenario], found: Iterable[Found]) -> dict[str, Score]:
    """Return {type: score} of some scenarios; what was found in others is not looked at."""
    scores = {name: Score() for name in dict.fromkeys(TYPE_OF.values())}
    left = Counter(
        {(scenario.name, expected_key(item)): 1 for scenario in scenarios for item in scenario.expected}
    )
    names = {scenario.name: scenario for scenario in scenarios}
    for pattern in found:
        scenario = names.get(pattern.scenario)
        if scenario is None:
            continue
        counted = scores[TYPE_OF[pattern.subtype]]
        match = next((item for item in scenario.expected if _agrees(item, pattern)), None)
        if match is not None and left[scenario.name, expected_key(match)]:
            left[scenario.name, expected_key(match)] = 0
            counted.right += 1
        else:
            counted.wrong += 1
            counted.remarks.append(
                f"wrong in {pattern.scenario}: {pattern.title} ({', '.join(sorted(pattern.sessions))})"
            )
    for (name, (subtype, about, _)), open_ in left.items():
        if open_:
            scores[TYPE_OF[subtype]].missed += 1
            scores[TYPE_OF[subtype]].remarks.append(f"missed in {name}: {subtype} {dict(about)}")
    return scores


def expected_key(item: Expected) -> tuple[str, tuple[tuple[str, str], ...], frozenset[str]]:
    """Return an expected pattern as something that can be counted."""
    return item.subtype, tuple(sorted(item.about.items())), item.sessions


def _agrees(expected: Expected, found: Found) -> bool:
    return (
        expected.subtype == found.subtype
        and all(found.details.get(name) == value for name, value in expected.about.items())
        and expected.sessions == found.sessions
    )
