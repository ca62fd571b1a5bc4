"""Migration operations for row-level security: the second wall under the code's own filters.

A policy compares a row's workspace with the setting `app.workspace_id`, and a private row's author with
`app.reader`; both are set by `supastate.workspaces.scope`. The owner role bypasses row security (it migrates
and backs up); FORCE keeps every other role inside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from psycopg import sql

SQL_DIR = Path(__file__).parent / "sql"


def _render(name: str, **identifiers: str) -> str:
    template = (SQL_DIR / name).read_text()
    composed = sql.SQL(template).format(**{key: sql.Identifier(value) for key, value in identifiers.items()})
    return composed.as_string(None)


class _TableOperation(Operation):
    """An operation that runs one SQL file forwards and another backwards on a table."""

    reduces_to_sql = True
    reversible = True
    forwards = ""
    backwards = ""

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in Django's picture of the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute(_render(self.forwards, table=self.table, policy=f"{self.table}_policy"), None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute(_render(self.backwards, table=self.table, policy=f"{self.table}_policy"), None)

    def describe(self) -> str:
        return f"{type(self).__name__} on {self.table}"


class IsolateWorkspaces(_TableOperation):
    """Rows are visible and writable only inside their workspace."""

    forwards = "isolate_workspaces.sql"
    backwards = "drop_isolation.sql"


class IsolateAuthors(_TableOperation):
    """As IsolateWorkspaces; rows marked private also only to their author."""

    forwards = "isolate_authors.sql"
    backwards = "drop_isolation.sql"


class LiftWorkspaceIsolation(_TableOperation):
    """Undo IsolateWorkspaces, before IsolateAuthors takes its place in the same migration."""

    forwards = "drop_isolation.sql"
    backwards = "isolate_workspaces.sql"


class ExposeToDispatcher(_TableOperation):
    """The dispatcher role may read a queue table's scheduling columns in every workspace."""

    forwards = "expose_to_dispatcher.sql"
    backwards = "hide_from_dispatcher.sql"


class ExposeTimesToDispatcher(_TableOperation):
    """The dispatcher role may also read when a queue table's rows came and ended."""

    forwards = "expose_times_to_dispatcher.sql"
    backwards = "hide_times_from_dispatcher.sql"
