"""The audit of one workspace: the ledger adds up, no row is stuck or silent, vectors and graph are whole.

Each check reads one consistent moment. Work that is still queued is no fault: the graph of a project that has
rows waiting is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from graph.comparing import compare_project
from graph.connection import graph_store
from graph.elements import EdgeType
from processing.auditing.findings import Finding, Verdict
from processing.embedding_models import active_model
from supastate.errors import TransientError
from supastate.queueing import statements as queueing
from supastate.queueing.stages import all_stages
from supastate.sql_files import SqlFolder
from supastate.workspaces.models import Project, Workspace
from supastate.workspaces.scope import workspace_scope

SQL = SqlFolder(Path(__file__).parent / "sql")
LEDGER_CHECKS = ("batch_ledger", "batch_rows")
STAGE_CHECKS = ("overdue_leases", "dead_without_reason")
VECTOR_CHECKS = ("vectors_complete", "vectors_sound", "vectors_once")


@dataclass(frozen=True, slots=True)
class _Auditor:
    workspace: Workspace

    def check_ledger(self) -> Iterator[Finding]:
        """Every batch adds up, and its new items are rows."""
        for check in LEDGER_CHECKS:
            with workspace_scope(self.workspace.pk), SQL.run(check, {"workspace": self.workspace.pk}) as cursor:
                count, examples = cursor.fetchone()
            yield self._judge(check, "", count, examples)

    def check_stages(self) -> Iterator[Finding]:
        """No row of a queue is in work past its lease, or dead without a reason."""
        grace = settings.QUEUE_STALL_SECONDS
        parameters = {"workspace": self.workspace.pk, "grace": grace}
        for check in STAGE_CHECKS:
            for stage in all_stages():
                with (
                    workspace_scope(self.workspace.pk),
                    queueing.run_statement(check, stage.table, parameters) as cursor,
                ):
                    count, examples = cursor.fetchone()
                yield self._judge(check, stage.name, count, examples)

    def check_vectors(self) -> Iterator[Finding]:
        """Embedded texts have whole and sound vectors of the active model, each once."""
        model = active_model()
        parameters: dict[str, UUID | str | int] = {
            "workspace": self.workspace.pk,
            "model": model.name,
            "dimensions": model.spec.dimensions,
        }
        for check in VECTOR_CHECKS:
            with workspace_scope(self.workspace.pk), SQL.run(check, parameters) as cursor:
                count, examples = cursor.fetchone()
            yield self._judge(check, model.name, count, examples)
        with workspace_scope(self.workspace.pk), SQL.run("vectors_kept", parameters) as cursor:
            kept = cursor.fetchone()[0]
        yield self._find("vectors_kept", "", Verdict.OK, f"{kept} of earlier texts, kept on purpose")

    def check_graphs(self) -> Iterator[Finding]:
        """Each project's graph is what its facts and links say."""
        with workspace_scope(self.workspace.pk):
            projects = list(Project.objects.order_by("name", "pk"))
        for project in projects:
            yield from self._check_graph(project)

    def _check_graph(self, project: Project) -> Iterator[Finding]:
        where: dict[str, UUID] = {"workspace": self.workspace.pk, "project": project.pk}
        with workspace_scope(self.workspace.pk), SQL.run("graph_waiting", where) as cursor:
            paths, memories = cursor.fetchone()
        try:
            yield self._compare_code(project, waiting=paths)
            yield self._compare_mentions(project, waiting=paths + memories)
        except TransientError as exc:
            yield self._find("graph_reachable", project.name, Verdict.FAILED, exc.detail)

    def _compare_code(self, project: Project, *, waiting: int) -> Finding:
        if waiting:
            return self._wait("graph_equals_facts", project, waiting)
        found = compare_project(workspace_id=self.workspace.pk, project_id=project.pk)
        detail = f"{found.nodes} nodes, {found.edges} edges"
        if found.is_equal:
            return self._find("graph_equals_facts", project.name, Verdict.OK, detail)
        detail += f" of the facts; the store lacks {found.missing} and has {found.extra} besides"
        return self._find("graph_equals_facts", project.name, Verdict.FAILED, detail)

    def _compare_mentions(self, project: Project, *, waiting: int) -> Finding:
        if waiting:
            return self._wait("mentions", project, waiting)
        where: dict[str, UUID] = {"workspace": self.workspace.pk, "project": project.pk}
        with workspace_scope(self.workspace.pk), SQL.run("mentions", where) as cursor:
            wanted = cursor.fetchone()[0]
        counts = graph_store().counts(self.workspace.pk, project=str(project.pk))
        held = counts.edges.get(EdgeType.MENTIONS, 0)
        verdict = Verdict.OK if held == wanted else Verdict.FAILED
        return self._find("mentions", project.name, verdict, f"{wanted} in Postgres, {held} in the graph")

    def _judge(self, check: str, subject: str, count: int, examples: list[str] | None) -> Finding:
        if not count:
            return self._find(check, subject, Verdict.OK, "")
        return self._find(check, subject, Verdict.FAILED, f"{count}: {', '.join(examples or ())}")

    def _wait(self, check: str, project: Project, waiting: int) -> Finding:
        return self._find(check, project.name, Verdict.WAITING, f"{waiting} rows are still queued")

    def _find(self, check: str, subject: str, verdict: Verdict, detail: str) -> Finding:
        return Finding(self.workspace.slug, check, subject, verdict, detail)


def audit_workspace(workspace: Workspace) -> Iterator[Finding]:
    """Yield what each check finds. Called outside any scope: it asks the graph store too."""
    auditor = _Auditor(workspace)
    yield from auditor.check_ledger()
    yield from auditor.check_stages()
    yield from auditor.check_vectors()
    yield from auditor.check_graphs()
