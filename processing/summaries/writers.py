"""This process's writer of summaries, if the settings name one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from processing.embedding.per_process import PerProcess
from processing.providers import read_provider_settings
from supastate.workspaces.scope import require_outside_scope

if TYPE_CHECKING:
    from processing.summaries.writing import Writer, WriterSource

EXTRACTIVE = "extractive"


def is_writing_on() -> bool:
    """Tell whether the settings want a model to write."""
    return bool(settings.SUMMARY_METHOD != EXTRACTIVE)


def find_writer(workspace_id: UUID) -> Writer:
    """Return the writer, its use charged to a workspace. Refused inside a workspace's transaction."""
    require_outside_scope("The writer of summaries")
    return _writers.get().for_workspace(workspace_id)


def forget_writers() -> None:
    """Close the connections; the next use builds others from the settings."""
    writers = _writers.take()
    if writers is not None:
        writers.close()


def _build() -> WriterSource:
    # Here, because the client is 30 MB that a process without a paid provider does not need.
    from processing.summaries.writing import make_writers

    return make_writers(read_provider_settings(), model=settings.SUMMARY_MODEL)


_writers = PerProcess(_build)
