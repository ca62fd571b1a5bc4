"""Names of the people that patterns are about."""

from __future__ import annotations

from uuid import UUID

from supastate.workspaces.models import User


def name_author(author_id: UUID) -> str:
    """Return the user name of an author."""
    return str(User.objects.values_list("username", flat=True).get(pk=author_id))
