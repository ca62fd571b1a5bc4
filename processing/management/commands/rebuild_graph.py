"""Write the code graph again from Postgres and sweep what is older, while it is being read."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from processing.linking.rebuilding import RebuiltGraph, rebuild_project
from supastate.errors import SupastateError
from supastate.workspaces.models import Project, Workspace
from supastate.workspaces.scope import workspace_scope
from supastate.workspaces.selecting import find_workspaces


class Command(BaseCommand):
    """`manage.py rebuild_graph [--workspace SLUG] [--project ID-OR-NAME]`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose one workspace or project; without, all of them."""
        parser.add_argument("--workspace", metavar="SLUG")
        parser.add_argument("--project", metavar="ID-OR-NAME")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rebuild one project after another; the status is 1 if one of them could not be."""
        done = failed = 0
        for workspace in find_workspaces(options["workspace"]):
            for project in _find_projects(workspace, options["project"]):
                if self._rebuild(workspace, project):
                    done += 1
                else:
                    failed += 1
        if failed:
            raise CommandError(f"{failed} of {done + failed} projects were not rebuilt: run it again.")
        if options["project"] and not done:
            raise CommandError(f"There is no project {options['project']!r}.")

    def _rebuild(self, workspace: Workspace, project: Project) -> bool:
        place = f"{workspace.slug}/{project.name}"
        self.stdout.write(f"{place}: rebuilding")
        try:
            rebuilt = rebuild_project(workspace_id=workspace.pk, project_id=project.pk)
        except SupastateError as exc:
            self.stderr.write(f"{place}: {exc.detail}")
            return False
        self.stdout.write(f"{place}: {_describe(rebuilt)}")
        return True


def _find_projects(workspace: Workspace, wanted: str | None) -> list[Project]:
    with workspace_scope(workspace.pk):
        projects = list(Project.objects.order_by("pk"))
    return [project for project in projects if wanted is None or wanted in {str(project.pk), project.name}]


def _describe(rebuilt: RebuiltGraph) -> str:
    code = rebuilt.code
    was_lost = "the store had lost it; " if code.was_lost and code.files else ""
    return (
        f"{was_lost}{code.files} files, {code.nodes} nodes, {code.edges} edges and {rebuilt.memories} memories"
        f" written, {code.swept + rebuilt.swept} old nodes swept"
    )
