"""Create a workspace with its first API key and, if asked, a Studio user; a second run changes nothing."""

from __future__ import annotations

import json
import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from supastate.workspaces.keys import create_key
from supastate.workspaces.models import ApiKey, Membership, Scope, User, Workspace

KEY_NAME = "first"


class Command(BaseCommand):
    """`create_workspace SLUG [--studio-user NAME] [--no-embeddings] [--json]`. Secrets are printed once."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("slug")
        parser.add_argument("--name", default="")
        parser.add_argument("--studio-user", default="admin", help="Login of the workspace's owner in Studio.")
        parser.add_argument("--environment", default="live", help="Second part of the key: sup_<environment>_…")
        parser.add_argument("--no-embeddings", action="store_true", help="Its texts are found by words alone.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        """Create what is missing and print it."""
        slug: str = options["slug"]
        told = {"name": options["name"] or slug, "embeddings_enabled": not options["no_embeddings"]}
        workspace, _ = Workspace.objects.get_or_create(slug=slug, defaults=told)
        user, password = _ensure_user(options["studio_user"])
        Membership.objects.get_or_create(workspace=workspace, user=user, defaults={"role": Membership.Role.OWNER})
        answer = {"workspaceId": str(workspace.id), "workspace": slug, "studioUser": user.username}
        if password:
            answer["studioPassword"] = password
        if not ApiKey.objects.filter(workspace=workspace, name=KEY_NAME).exists():
            new = create_key(
                workspace=workspace,
                author=user,
                name=KEY_NAME,
                scopes=Scope.values,
                environment=options["environment"],
            )
            answer["apiKey"] = new.text
        self.stdout.write(json.dumps(answer) if options["as_json"] else _describe(answer))


def _ensure_user(username: str) -> tuple[User, str]:
    """Return the user, and its new password if it was made now."""
    known = User.objects.filter(username=username).first()
    if known is not None:
        return known, ""
    password = secrets.token_urlsafe(18)
    return User.objects.create_superuser(username=username, password=password), password


def _describe(answer: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in answer.items())
