"""Prove the pipeline's invariants on the live database; the exit status is 1 if one of them fails."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from processing.auditing.auditing import audit_workspace
from processing.auditing.findings import Verdict, render_table
from supastate.workspaces.selecting import find_workspaces


class Command(BaseCommand):
    """`manage.py audit [--workspace SLUG] [--json]`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """One workspace or all; a table or JSON."""
        parser.add_argument("--workspace", metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print {passed, findings} instead of a table")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print every finding."""
        findings = [
            found for workspace in find_workspaces(options["workspace"]) for found in audit_workspace(workspace)
        ]
        failed = [found for found in findings if found.verdict == Verdict.FAILED]
        if options["json"]:
            answer = {"passed": not failed, "findings": [found.as_json() for found in findings]}
            self.stdout.write(json.dumps(answer, indent=1))
        else:
            self.stdout.write(render_table(findings))
        if failed:
            raise CommandError(
                f"{len(failed)} of {len(findings)} checks failed: docs/operations.md says what to do."
            )
