"""Turn the embeddings of a workspace on or off; stopped, run it again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from processing.embedding_choice import choose_embeddings, erase_vectors, follow_choice
from supastate.workspaces.selecting import find_workspaces


class Command(BaseCommand):
    """`manage.py workspace_embeddings on SLUG | off SLUG [--delete-vectors]`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("choice", choices=["on", "off"])
        parser.add_argument("slug")
        parser.add_argument("--delete-vectors", action="store_true", help="with off: do not keep them for later")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Flip the choice and bring the texts in line with it."""
        enabled = options["choice"] == "on"
        if enabled and options["delete_vectors"]:
            raise CommandError("--delete-vectors goes with off.")
        [workspace] = find_workspaces(options["slug"])
        choose_embeddings(workspace.pk, enabled=enabled)
        changed = follow_choice(workspace.pk)
        self.stdout.write(f"Embeddings of {workspace.slug} are {options['choice']}; {changed:,} texts changed.")
        if options["delete_vectors"]:
            self.stdout.write(f"{erase_vectors(workspace.pk):,} vectors are deleted.")
