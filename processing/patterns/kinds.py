"""The types of pattern: how each is found in a session, and how what was found is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from processing.models import PatternSubtype, PatternType
from processing.patterns.changed_together import describe_changed_together
from processing.patterns.debugging import describe_failing_command, describe_fix, find_episodes
from processing.patterns.learning import describe_study, find_studies
from processing.patterns.memory_code import describe_recurring_file, find_recurring_files
from processing.patterns.reading import Talk
from processing.patterns.refactoring import describe_move, describe_rename, find_refactorings
from processing.patterns.semantic import describe_topic, find_topics, follow_model
from processing.patterns.sightings import Description, Findings, Tally
from processing.patterns.temporal import describe_burst, describe_rhythm, find_rhythm

Describe = Callable[[dict[str, Any], Tally], Description]


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of pattern. `prepare` is called with the workspace before a run, outside of any transaction."""

    find: Callable[[Talk], Findings]
    prepare: Callable[[UUID], None] | None = None


KINDS: Mapping[str, Kind] = {
    PatternType.DEBUGGING: Kind(find_episodes),
    PatternType.LEARNING: Kind(find_studies),
    PatternType.REFACTORING: Kind(find_refactorings),
    PatternType.TEMPORAL: Kind(find_rhythm),
    PatternType.SEMANTIC: Kind(find_topics, prepare=follow_model),
    PatternType.MEMORY_CODE: Kind(find_recurring_files),
}
DESCRIBERS: Mapping[str, Describe] = {
    PatternSubtype.FIX: describe_fix,
    PatternSubtype.FAILING_COMMAND: describe_failing_command,
    PatternSubtype.STUDY: describe_study,
    PatternSubtype.RENAME: describe_rename,
    PatternSubtype.MOVE: describe_move,
    PatternSubtype.BURST: describe_burst,
    PatternSubtype.RHYTHM: describe_rhythm,
    PatternSubtype.TOPIC: describe_topic,
    PatternSubtype.RECURRING_FILE: describe_recurring_file,
    PatternSubtype.CHANGED_TOGETHER: describe_changed_together,
}
