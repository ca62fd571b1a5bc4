"""Workspaces for what works on one or on all of them."""

from __future__ import annotations

from uuid import UUID

from django.core.management import CommandError
from django.db.models import QuerySet

from supastate.workspaces.models import Workspace


def find_workspaces(slug: str | None) -> list[Workspace]:
    """Return the workspace of that slug, or every one in order; CommandError if there is none of that slug."""
    if slug is None:
        return list(Workspace.objects.order_by("slug"))
    found = list(Workspace.objects.filter(slug=slug))
    if not found:
        raise CommandError(f"There is no workspace {slug!r}.")
    return found


def list_embedding_workspaces() -> QuerySet[Workspace]:
    """Return the workspaces that have embeddings, in order."""
    return Workspace.objects.filter(embeddings_enabled=True).order_by("slug")


def has_embeddings(workspace_id: UUID) -> bool:
    """Tell whether the texts of a workspace are embedded."""
    return list_embedding_workspaces().filter(pk=workspace_id).exists()
