"""Memories are forgotten and restored, contradict each other, and may be given a confidence."""

from pathlib import Path

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import supastate.workspaces.ids
from supastate.workspaces.row_security import IsolateWorkspaces

SQL_DIR = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("processing", "0026_summaries"),
        ("workspaces", "0003_embeddings_enabled"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Contradiction",
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
                        blank=True,
                        choices=[
                            ("polarity", "One says it is so, the other that it is not"),
                            ("number", "Another number of the same thing"),
                            ("state", "Another state of the same thing"),
                        ],
                        help_text="Empty: a person or client said so.",
                        max_length=12,
                    ),
                ),
                (
                    "difference",
                    models.CharField(
                        blank=True, help_text="What disagrees: port 5432 / port 5433.", max_length=300
                    ),
                ),
                ("cosine", models.FloatField(help_text="How near their meanings are.", null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suggested", "Suggested"),
                            ("confirmed", "Confirmed"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="suggested",
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "found_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When it was said, or the rules last looked at both texts.",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ForgettingAct",
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
                        choices=[("forgotten", "Forgotten"), ("restored", "Restored"), ("erased", "Erased")],
                        max_length=12,
                    ),
                ),
                ("memories", models.PositiveIntegerField(default=0)),
                ("cycle", models.DateTimeField(help_text="The moment of the daily cycle that did it.", null=True)),
                (
                    "policy",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        help_text="As it was then: who set it, when, and its days.",
                        null=True,
                    ),
                ),
                ("happened_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("-happened_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="ForgettingPolicy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=supastate.workspaces.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "forget_after_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Archived memories that nobody touched for so many days are hidden. Empty: never.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
                (
                    "erase_after_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="What is forgotten for so many more days is gone for good. Empty: never.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
                (
                    "erase_since",
                    models.DateTimeField(
                        editable=False,
                        help_text="When erasing was set: its days are counted from there at the earliest.",
                        null=True,
                    ),
                ),
                ("changed_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name_plural": "forgetting policies",
            },
        ),
        migrations.CreateModel(
            name="ForgottenMemory",
            fields=[],
            options={
                "verbose_name_plural": "forgotten memories",
                "ordering": ("-forgotten_at", "-id"),
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("processing.memory",),
        ),
        migrations.AddField(
            model_name="memory",
            name="confidence",
            field=models.FloatField(
                blank=True,
                help_text="0 to 1, if a client or person said so; empty, a formula tells it.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(1),
                ],
            ),
        ),
        migrations.AddField(
            model_name="memory",
            name="forgotten_at",
            field=models.DateTimeField(
                editable=False,
                help_text="Since when it is hidden; row-level security shows it to nobody who does not ask.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="memoryaccess",
            name="way",
            field=models.CharField(
                choices=[("read", "Read"), ("search", "Search"), ("context", "Context"), ("restore", "Restore")],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="patterncheckpoint",
            name="type",
            field=models.CharField(
                choices=[
                    ("debugging", "Debugging"),
                    ("learning", "Learning"),
                    ("refactoring", "Refactoring"),
                    ("temporal", "Temporal"),
                    ("semantic", "Semantic"),
                    ("memory_code", "Memory Code"),
                    ("contradictions", "Contradictions"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="memory",
            index=models.Index(
                condition=models.Q(("forgotten_at__isnull", False)),
                fields=["workspace", "forgotten_at"],
                name="memory_forgotten",
            ),
        ),
        migrations.AddConstraint(
            model_name="memory",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__range", (0, 1))), name="memory_confidence_range"
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="contradicted",
            field=models.ForeignKey(
                help_text="Which of the two does not hold.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="processing.memory",
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="first",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="processing.memory"
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="processing.memory"
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
            ),
        ),
        migrations.AddField(
            model_name="forgettingact",
            name="person",
            field=models.ForeignKey(
                help_text="Empty: the policy.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="forgettingact",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
            ),
        ),
        migrations.AddField(
            model_name="forgettingpolicy",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="forgettingpolicy",
            name="workspace",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
            ),
        ),
        migrations.AddIndex(
            model_name="contradiction",
            index=models.Index(fields=["workspace", "-id"], name="contradiction_newest"),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Least("first", "second"),
                django.db.models.functions.comparison.Greatest("first", "second"),
                name="contradiction_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contradicted", models.F("first")), ("contradicted", models.F("second")), _connector="OR"
                ),
                name="contradiction_of_its_own",
            ),
        ),
        migrations.AddIndex(
            model_name="forgettingact",
            index=models.Index(fields=["workspace", "-happened_at"], name="forgetting_newest"),
        ),
        migrations.AddConstraint(
            model_name="forgettingact",
            constraint=models.UniqueConstraint(
                fields=("workspace", "kind", "cycle"), name="forgetting_once_a_cycle"
            ),
        ),
        IsolateWorkspaces("processing_forgettingpolicy"),
        IsolateWorkspaces("processing_forgettingact"),
        migrations.RunSQL(
            sql=(SQL_DIR / "hide_forgotten.sql").read_text(),
            reverse_sql=(SQL_DIR / "show_forgotten.sql").read_text(),
        ),
        migrations.RunSQL(
            sql=(SQL_DIR / "isolate_contradictions.sql").read_text(),
            reverse_sql=(SQL_DIR / "expose_contradictions.sql").read_text(),
        ),
    ]
