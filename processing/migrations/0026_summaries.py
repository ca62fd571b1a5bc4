"""Summaries of sessions, code and projects, their queue and what they cost; sessions know when they changed."""

from pathlib import Path

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import supastate.workspaces.ids
from supastate.workspaces.row_security import (
    ExposeTimesToDispatcher,
    ExposeToDispatcher,
    IsolateAuthors,
    IsolateWorkspaces,
)

SQL_DIR = Path(__file__).parent.parent / "sql"


def _read(*names: str) -> str:
    return "\n".join((SQL_DIR / f"{name}.sql").read_text() for name in names)


class Migration(migrations.Migration):
    dependencies = [
        ("processing", "0025_reads_of_memories"),
        ("workspaces", "0003_embeddings_enabled"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="changed_at",
            field=models.DateTimeField(
                editable=False, help_text="When its memories last changed; kept by a trigger.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="embedding",
            name="subject_kind",
            field=models.CharField(
                choices=[("memory", "Memory"), ("code", "Code"), ("summary", "Summary")], max_length=16
            ),
        ),
        migrations.AlterField(
            model_name="embedqueue",
            name="subject_kind",
            field=models.CharField(
                choices=[("memory", "Memory"), ("code", "Code"), ("summary", "Summary")], max_length=16
            ),
        ),
        migrations.CreateModel(
            name="Summary",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=supastate.workspaces.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("session", "Session"),
                            ("file", "File"),
                            ("entity", "Entity"),
                            ("project", "Project"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "subject",
                    models.CharField(help_text="Id of the session or project, uid of the code.", max_length=36),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[("workspace", "Workspace"), ("private", "Private")],
                        default="workspace",
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(blank=True, help_text="Of the code or project.", max_length=2048)),
                ("path", models.CharField(blank=True, help_text="Of the code's file.", max_length=1024)),
                ("content", models.TextField(blank=True)),
                (
                    "lines",
                    models.JSONField(
                        default=list, help_text="[{label, text, memoryIds}], which make up the text."
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("extractive", "Extractive"), ("llm", "Llm")], default="extractive", max_length=12
                    ),
                ),
                ("model", models.CharField(blank=True, help_text="That wrote it.", max_length=128)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="Why a model was wanted and did not write it.", max_length=64
                    ),
                ),
                ("version", models.CharField(help_text="Fingerprint of the sources.", max_length=64)),
                (
                    "moment",
                    models.DateTimeField(
                        default=django.utils.timezone.now, help_text="When the newest that it tells happened."
                    ),
                ),
                ("generated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("content_hash", models.CharField(default="", editable=False, max_length=64)),
                (
                    "processing_status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("embedded", "Embedded"),
                            ("failed", "Failed"),
                            ("text_only", "Text only"),
                        ],
                        default="pending",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("search", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "code_object",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="processing.codeobject",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.project",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="processing.session",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "summaries",
                "ordering": ("-generated_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="SummaryQueue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=supastate.workspaces.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "batch_id",
                    models.UUIDField(
                        editable=False, help_text="The accepted batch this work came from.", null=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("processing", "Processing"),
                            ("completed", "Completed"),
                            ("dead", "Dead"),
                        ],
                        default="pending",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("priority", models.SmallIntegerField(choices=[(0, "Interactive"), (10, "Backfill")], default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("run_after", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("lease_token", models.UUIDField(editable=False, null=True)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                (
                    "error_code",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
                ),
                ("error_detail", models.TextField(blank=True, db_default="", default="", editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "due_since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        help_text="Accepted or replayed.",
                    ),
                ),
                ("processed_at", models.DateTimeField(editable=False, null=True)),
                ("discarded_at", models.DateTimeField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("session", "Session"),
                            ("file", "File"),
                            ("entity", "Entity"),
                            ("project", "Project"),
                        ],
                        max_length=8,
                    ),
                ),
                ("subject", models.CharField(max_length=36)),
                ("forced", models.BooleanField(default=False, help_text="Although nothing changed.")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "verbose_name": "summary queue row",
                "db_table": "summary_queue",
                "ordering": ("-id",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SummarySource",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=supastate.workspaces.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("memory_id", models.UUIDField()),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="processing.summary",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SummarySpending",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=supastate.workspaces.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.")),
                ("tokens", models.BigIntegerField(default=0)),
                ("calls", models.PositiveIntegerField(default=0)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "summary spendings",
            },
        ),
        migrations.AddIndex(
            model_name="summary",
            index=django.contrib.postgres.indexes.GinIndex(fields=["workspace", "search"], name="summary_search"),
        ),
        migrations.AddIndex(
            model_name="summary",
            index=models.Index(fields=["workspace", "content_hash"], name="summary_content"),
        ),
        migrations.AddIndex(
            model_name="summary",
            index=models.Index(fields=["workspace", "-generated_at", "-id"], name="summary_newest"),
        ),
        migrations.AddIndex(
            model_name="summary",
            index=models.Index(fields=["project", "kind", "-moment"], name="summary_of_project"),
        ),
        migrations.AddConstraint(
            model_name="summary",
            constraint=models.UniqueConstraint(
                fields=("workspace", "kind", "subject", "visibility"), name="summary_once"
            ),
        ),
        migrations.AddIndex(
            model_name="summaryqueue",
            index=models.Index(
                condition=models.Q(("status", "pending")),
                fields=["workspace", "priority", "id"],
                include=("run_after", "due_since", "error_code"),
                name="summaryqueue_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="summaryqueue",
            index=models.Index(
                condition=models.Q(("status", "processing")),
                fields=["workspace", "lease_until"],
                name="summaryqueue_leased",
            ),
        ),
        migrations.AddIndex(
            model_name="summaryqueue",
            index=models.Index(
                condition=models.Q(("status", "dead")), fields=["workspace", "id"], name="summaryqueue_dead"
            ),
        ),
        migrations.AddIndex(
            model_name="summaryqueue",
            index=models.Index(
                condition=models.Q(("status", "completed")),
                fields=["workspace", "processed_at"],
                name="summaryqueue_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="summaryqueue",
            index=models.Index(
                condition=models.Q(("batch_id__isnull", False)),
                fields=["workspace", "batch_id"],
                name="summaryqueue_batch",
            ),
        ),
        migrations.AddIndex(
            model_name="summaryqueue",
            index=models.Index(
                condition=models.Q(("status", "completed"), _negated=True),
                fields=["workspace", "kind", "subject", "-id"],
                name="summary_queue_asked",
            ),
        ),
        migrations.AddIndex(
            model_name="summarysource",
            index=models.Index(fields=["memory_id"], name="summary_of_memory"),
        ),
        migrations.AddConstraint(
            model_name="summarysource",
            constraint=models.UniqueConstraint(fields=("summary", "memory_id"), name="summary_source_once"),
        ),
        migrations.AddConstraint(
            model_name="summaryspending",
            constraint=models.UniqueConstraint(fields=("workspace", "month"), name="summary_spending_once"),
        ),
        migrations.RunSQL("UPDATE processing_session SET changed_at = ended_at", migrations.RunSQL.noop),
        IsolateAuthors("processing_summary"),
        IsolateWorkspaces("processing_summarysource"),
        IsolateWorkspaces("processing_summaryspending"),
        IsolateWorkspaces("summary_queue"),
        ExposeToDispatcher("summary_queue"),
        ExposeTimesToDispatcher("summary_queue"),
        migrations.RunSQL(sql=_read("summary_triggers"), reverse_sql=_read("drop_summary_triggers")),
        migrations.RunSQL(
            sql=_read("queue_rows_with_summaries"),
            reverse_sql=_read("drop_operations_views", "operations_views"),
        ),
    ]
