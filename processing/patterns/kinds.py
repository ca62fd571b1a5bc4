"""The types of pattern: how each is found in a session, and how what was found is described."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from processing.models import PatternType
from processing.patterns.debugging import describe_debugging, find_episodes
from processing.patterns.memory_code import describe_memory_code, find_recurring_files
from processing.patterns.reading import Talk
from processing.patterns.sightings import Description, Findings, Tally


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of pattern."""

    find: Callable[[Talk], Findings]
    describe: Callable[[dict[str, Any], Tally], Description]


KINDS: dict[str, Kind] = {
    PatternType.DEBUGGING: Kind(find_episodes, describe_debugging),
    PatternType.MEMORY_CODE: Kind(find_recurring_files, describe_memory_code),
}
