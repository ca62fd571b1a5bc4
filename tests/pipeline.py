"""Runs the pipeline's stages in the test's own process and transaction, as workers would at a hint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from graph import syncing
from ingest.models import CodeBlob, CodeQueue, MemoryQueue, PathHead
from processing import embedding_texts, reparsing, storing_code, storing_memories
from processing.linking import linking
from processing.linking.asking import ask_about_paths
from processing.summaries import summarising
from supastate.queueing.models import Priority
from supastate.workspaces.projects import ProjectRef, ensure_checkout, ensure_project
from tests.conftest import Member

REMOTE = "git@example.org:acme/shop.git"


def store(member: Member) -> int:
    """Run the store stages once."""
    workspace_id = member.workspace.id
    return storing_memories.store_due(workspace_id=workspace_id) + storing_code.store_due(
        workspace_id=workspace_id
    )


def embed(member: Member) -> int:
    """Embed until nothing is due."""
    done = 0
    while count := embedding_texts.embed_due(workspace_id=member.workspace.id):
        done += count
    return done


def sync_graph(member: Member) -> int:
    """Bring changed files into the graph and link memories until nothing is due."""
    done, workspace_id = 0, member.workspace.id
    while count := (
        syncing.sync_due(
            workspace_id=workspace_id, on_synced=ask_about_paths, on_outdated=reparsing.queue_outdated
        )
        + linking.link_due(workspace_id=workspace_id)
    ):
        done += count
    return done


def summarise(member: Member) -> int:
    """Make summaries until none is due."""
    done = 0
    while count := summarising.summarise_due(workspace_id=member.workspace.id):
        done += count
    return done


def drain(member: Member) -> None:
    """Run store, embed, graph and link stages until nothing is due."""
    while store(member):
        pass
    embed(member)
    sync_graph(member)


def queue_chunk(
    member: Member,
    content: str,
    *,
    session: str = "s1",
    priority: Priority = Priority.INTERACTIVE,
    **metadata: Any,
) -> MemoryQueue:
    """Queue one memory chunk as acceptance would."""
    stamp = {"timestamp": "2026-11-20T10:00:00+00:00", "messageType": "user", **metadata}
    with member.scope():
        project = _project(member)
        return MemoryQueue.objects.create(
            workspace=member.workspace,
            key=hashlib.sha256(f"{session}{content}{stamp}".encode()).hexdigest(),
            body_hash=hashlib.sha256(content.encode()).hexdigest(),
            format=MemoryQueue.Format.CHUNK,
            session_key=session,
            project=project,
            author=member.user,
            payload={"content": content, "metadata": stamp},
            priority=priority,
        )


def queue_code(
    member: Member, files: Mapping[str, str | None], *, priority: Priority = Priority.INTERACTIVE
) -> list[CodeQueue]:
    """Queue revisions of files as acceptance would; None is a deletion."""
    with member.scope():
        project = _project(member)
        checkout = ensure_checkout(project=project, key="laptop", ref=ProjectRef())
        return [_queue_revision(member, project, checkout, path, text, priority) for path, text in files.items()]


def _queue_revision(
    member: Member, project: Any, checkout: Any, path: str, text: str | None, priority: Priority
) -> CodeQueue:
    content_hash = hashlib.sha256(text.encode()).hexdigest() if text is not None else ""
    if text is not None:
        CodeBlob.objects.get_or_create(
            workspace=member.workspace, content_hash=content_hash, defaults={"content": text}
        )
    head, _ = PathHead.objects.get_or_create(workspace=member.workspace, project=project, path=path)
    head.revision += 1
    head.content_hash = content_hash
    head.save()
    return CodeQueue.objects.create(
        workspace=member.workspace,
        project=project,
        checkout=checkout,
        author=member.user,
        path=path,
        revision=head.revision,
        content_hash=content_hash,
        priority=priority,
    )


def _project(member: Member) -> Any:
    return ensure_project(
        workspace_id=member.workspace.id, author_id=member.user.id, ref=ProjectRef(remote=REMOTE, path="/src/shop")
    )
