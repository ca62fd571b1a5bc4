"""What one check of the audit found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """WAITING: rows that are still queued will change this, so it cannot be judged now."""

    OK = "ok"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant, in one workspace (and stage or project): whether it holds, and what contradicts it."""

    workspace: str
    check: str
    subject: str
    verdict: Verdict
    detail: str

    def as_json(self) -> dict[str, Any]:
        """Return the finding as it is printed by `--json`."""
        return asdict(self)


def render_table(findings: Sequence[Finding]) -> str:
    """Return the findings as lines of aligned columns, the heading first."""
    heading = ("WORKSPACE", "CHECK", "SUBJECT", "VERDICT", "DETAIL")
    rows = [heading, *((f.workspace, f.check, f.subject or "-", f.verdict.upper(), f.detail) for f in findings)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]).rstrip()
        for row in rows
    )
