"""List, replay or discard dead letters of one workspace; what was done is on record."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from supastate.queueing.dead_letters import DeadFilter, act_on_matching
from supastate.queueing.models import QueueAction
from supastate.queueing.stages import all_stages, get_stage
from supastate.workspaces.models import Workspace
from supastate.workspaces.scope import workspace_scope

DEFAULT_LIMIT = 1_000


class Command(BaseCommand):
    """`manage.py dead_letters list|replay|discard --workspace SLUG [--stage --code --before --limit]`."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("what", choices=["list", *QueueAction.Action.values])
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--stage", choices=[stage.name for stage in all_stages()])
        parser.add_argument("--code", default="", help="Only those that died of this.")
        parser.add_argument("--before", type=parse_time, help="Only those that died before this ISO 8601 time.")
        parser.add_argument("--limit", type=int, default=DEFAULT_LIMIT)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it and tell how many matched."""
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {options['workspace']!r}.")
        if options["limit"] < 1:
            raise CommandError("--limit must be at least 1.")
        stage = get_stage(options["stage"] or "")
        wanted = DeadFilter((stage,) if stage else all_stages(), options["code"], options["before"])
        with workspace_scope(workspace.id):
            if options["what"] == "list":
                self._list(wanted, options["limit"])
            else:
                self._act(wanted, QueueAction.Action(options["what"]), workspace, options["limit"])

    def _list(self, wanted: DeadFilter, limit: int) -> None:
        left = limit
        for stage in wanted.stages:
            for row in wanted.find(stage).order_by("pk")[:left]:
                left -= 1
                died = f"{row.processed_at:%Y-%m-%d %H:%M:%S}" if row.processed_at else "-"
                self.stdout.write(
                    f"{stage.name}\t{row.pk}\t{died}\t{row.attempts}\t{row.error_code}\t{row.error_detail}"
                )
        matched = sum(wanted.find(stage).count() for stage in wanted.stages)
        self.stdout.write(f"{matched} matched, {limit - left} shown")

    def _act(self, wanted: DeadFilter, action: QueueAction.Action, workspace: Workspace, limit: int) -> None:
        done = act_on_matching(wanted, action, workspace_id=workspace.id, actor_id=None, limit=limit)
        self.stdout.write(f"{done.matched} matched, {done.changed} {action.value}ed, {done.remaining} remaining")


def parse_time(text: str) -> datetime:
    """Return a time that has a zone; argparse tells what is wrong with another."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("needs a time zone")
    return moment
