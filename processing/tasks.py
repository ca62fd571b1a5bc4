"""Every Celery task: a name, and one call. An argument names a workspace; what to do stands in its rows."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from graph import syncing
from processing import embedding_texts, reparsing, storing_code, storing_memories, sweeping
from processing.dynamics import consolidating
from processing.linking import linking
from processing.linking.asking import ask_about_paths
from processing.patterns import detecting, requesting
from processing.summaries import asking, summarising


@shared_task(name="processing.store_memories")
def store_memories(workspace_id: str) -> None:
    """Turn one claim of accepted lines and chunks into memories."""
    storing_memories.store_due(workspace_id=UUID(workspace_id))


@shared_task(name="processing.store_urgent_memories")
def store_urgent_memories(workspace_id: str) -> None:
    """The same for what somebody waits for, past any backfill."""
    storing_memories.store_due(workspace_id=UUID(workspace_id), urgent=True)


@shared_task(name="processing.store_code")
def store_code(workspace_id: str) -> None:
    """Turn one claim of accepted revisions into files, code objects and facts."""
    storing_code.store_due(workspace_id=UUID(workspace_id))


@shared_task(name="processing.embed_texts")
def embed_texts(workspace_id: str) -> None:
    """Give one claim of texts their vectors."""
    embedding_texts.embed_due(workspace_id=UUID(workspace_id))


@shared_task(name="processing.embed_urgent_texts")
def embed_urgent_texts(workspace_id: str) -> None:
    """The same for what somebody waits for, past any backfill."""
    embedding_texts.embed_due(workspace_id=UUID(workspace_id), urgent=True)


# A project of twenty thousand files takes minutes to resolve; its leases are renewed meanwhile.
@shared_task(name="processing.sync_graph", soft_time_limit=3_300, time_limit=3_600)
def sync_graph(workspace_id: str) -> None:
    """Bring one claim of changed files into the graph."""
    syncing.sync_due(
        workspace_id=UUID(workspace_id),
        on_synced=ask_about_paths,
        on_outdated=reparsing.queue_outdated,
    )


@shared_task(name="processing.link_memories")
def link_memories(workspace_id: str) -> None:
    """Link one claim of memories to the code they are about."""
    linking.link_due(workspace_id=UUID(workspace_id))


@shared_task(name="processing.detect_patterns")
def detect_patterns(workspace_id: str) -> None:
    """Do one detection job."""
    detecting.detect_due(workspace_id=UUID(workspace_id))


@shared_task(name="processing.schedule_pattern_detection")
def schedule_pattern_detection() -> None:
    """Ask for detection in every workspace that has something new."""
    requesting.schedule_all()


@shared_task(name="processing.summarise")
def summarise(workspace_id: str) -> None:
    """Make one claim of summaries."""
    summarising.summarise_due(workspace_id=UUID(workspace_id))


@shared_task(name="processing.schedule_summaries")
def schedule_summaries() -> None:
    """Ask for the summaries of sessions that have come to rest."""
    asking.ask_for_quiet_sessions()


# A million memories take minutes; a cycle that is cut off goes on an hour later.
@shared_task(name="processing.consolidate_memories", soft_time_limit=3_300, time_limit=3_600)
def consolidate_memories() -> None:
    """Let the memories of every workspace age by a day, once a day."""
    consolidating.consolidate_all()


@shared_task(name="processing.sweep_unembedded")
def sweep_unembedded() -> None:
    """Queue the texts whose vectors are missing, whatever the reason."""
    sweeping.queue_unembedded()


@shared_task(name="processing.sweep_outdated")
def sweep_outdated() -> None:
    """Queue the sources whose facts an earlier version of the parser made."""
    reparsing.queue_all_outdated()
