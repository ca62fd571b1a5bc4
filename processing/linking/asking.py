"""Asks for links when code changes that memories speak of, when vectors arrive that links may rest on, or when
another model's vectors count.

Runs in the transaction that makes them due: the rows of the link queue commit with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from processing.linking.calibration import FEWEST_WORDS, Calibration
from processing.linking.statements import fetch_rows
from processing.statements import run_statement
from supastate.queueing.notices import announce_work


def take_turns(workspace_id: UUID) -> None:
    """Let nobody else of the workspace ask until this transaction ends, so that no two overlook each other."""
    with run_statement("take_turns", {"workspace": workspace_id}):
        pass


def ask_about_paths(workspace_id: UUID, project_id: UUID, paths: Sequence[str]) -> None:
    """Ask for the links of memories that speak of code in `paths`, or that vectors linked to it."""
    _ask(fetch_rows("memories_about_paths", {"project": project_id, "paths": list(paths)}), workspace_id)


def ask_for_memories(memory_ids: Sequence[UUID] | None, *, workspace_id: UUID) -> None:
    """Ask for the links of memories that got vectors (None: of all) and whose words lead to no code."""
    if memory_ids is None or memory_ids:
        _ask(fetch_rows("unlinked_memories", _choose(memory_ids)), workspace_id)


def ask_around_code(code_ids: Sequence[UUID], *, workspace_id: UUID, model: str, calibration: Calibration) -> None:
    """Ask for the links of memories that code which got vectors is near to, or was near to before."""
    if code_ids:
        near = {"code_ids": list(code_ids), "model": model, "least": calibration.least}
        _ask(fetch_rows("near_memories", {**_choose(None), **near}), workspace_id)


def _choose(memory_ids: Sequence[UUID] | None) -> dict[str, Any]:
    """Return the parameters of `linkable.sql`."""
    return {"memory_ids": memory_ids, "fewest_words": FEWEST_WORDS}


def _ask(found: Sequence[tuple[UUID]], workspace_id: UUID) -> None:
    if not found:
        return
    with run_statement(
        "ask_for_links", {"workspace": workspace_id, "memory_ids": [memory_id for (memory_id,) in found]}
    ):
        announce_work()
