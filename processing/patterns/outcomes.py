"""How a run of a command ended: passed, failed, or nobody can tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from processing.patterns.commands import Command

# What the assistant's program answers where a person refused or stopped the command: nothing was checked.
NOT_RUN = ("The user doesn't want to", "The user doesn’t want to", "[Request interrupted", "Permission to use")  # noqa: RUF001
INTERRUPTED = 130  # 128 + SIGINT
FAILED_WORDS = re.compile(r"\b[1-9]\d* (?:failed|failures?|errors?)\b|\bFAILED\b|^make: \*\*\*", re.MULTILINE)
PASSED_WORDS = re.compile(
    r"\b[1-9]\d* (?:passed|passing)\b|^All checks passed|^Success: no issues found|^test result: ok", re.MULTILINE
)


def read_outcome(command: Command, result: Mapping[str, Any], *, beginning: str, ending: str) -> bool | None:
    """Return whether the run passed. Where a pipe hides the exit status, only the run's own summary counts."""
    success = result.get("success")
    if success is None or result.get("exitCode") == INTERRUPTED or beginning.startswith(NOT_RUN):
        return None
    if command.tells_outcome:
        return bool(success)
    if FAILED_WORDS.search(ending):
        return False
    return True if PASSED_WORDS.search(ending) else None
