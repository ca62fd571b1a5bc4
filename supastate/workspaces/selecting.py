"""Workspaces for commands that work on one or on all of them."""

from __future__ import annotations

from django.core.management import CommandError

from supastate.workspaces.models import Workspace


def find_workspaces(slug: str | None) -> list[Workspace]:
    """Return the workspace of that slug, or every one in order; CommandError if there is none of that slug."""
    if slug is None:
        return list(Workspace.objects.order_by("slug"))
    found = list(Workspace.objects.filter(slug=slug))
    if not found:
        raise CommandError(f"There is no workspace {slug!r}.")
    return found
