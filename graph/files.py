"""Facts of source files: kept in Postgres, from which every graph can be rebuilt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from graph.facts import FileFacts
from graph.models import GraphFile, GraphQueue
from supastate.queueing.models import Priority


def save_facts(
    facts: Mapping[str, FileFacts],
    hashes: Mapping[str, str],
    *,
    workspace_id: UUID,
    project_id: UUID,
    batch_ids: Mapping[str, UUID | None],
    priority: int = Priority.INTERACTIVE,
) -> None:
    """Keep the facts of paths and ask for their way into the graph. Runs inside a workspace scope."""
    GraphFile.objects.bulk_create(
        [
            GraphFile(
                workspace_id=workspace_id,
                project_id=project_id,
                path=path,
                content_hash=hashes[path],
                parser_version=found.version,
                facts=found.to_json(),
            )
            for path, found in sorted(facts.items())
        ],
        update_conflicts=True,
        unique_fields=["project", "path"],
        update_fields=["content_hash", "parser_version", "facts"],
    )
    _enqueue(facts, workspace_id=workspace_id, project_id=project_id, batch_ids=batch_ids, priority=priority)


def drop_facts(
    paths: Collection[str],
    *,
    workspace_id: UUID,
    project_id: UUID,
    batch_ids: Mapping[str, UUID | None],
    priority: int = Priority.INTERACTIVE,
) -> None:
    """Empty the facts of paths that are gone and ask for their removal from the graph."""
    GraphFile.objects.filter(project_id=project_id, path__in=paths).update(facts=None)
    _enqueue(paths, workspace_id=workspace_id, project_id=project_id, batch_ids=batch_ids, priority=priority)


def _enqueue(
    paths: Collection[str],
    *,
    workspace_id: UUID,
    project_id: UUID,
    batch_ids: Mapping[str, UUID | None],
    priority: int = Priority.INTERACTIVE,
) -> None:
    GraphQueue.objects.bulk_create(
        GraphQueue(
            workspace_id=workspace_id,
            project_id=project_id,
            path=path,
            batch_id=batch_ids.get(path),
            priority=priority,
        )
        for path in sorted(paths)
    )
