"""Patterns get subtype, scope and state; occurrences say whose they are, when they began and what they show.

Patterns are derived: those of earlier versions are wiped, and the next run reads every conversation anew.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from supastate.workspaces.row_security import IsolateAuthors, LiftWorkspaceIsolation

WIPE = "TRUNCATE processing_pattern, processing_patternoccurrence, processing_patterncheckpoint"
TYPES = [
    ("debugging", "Debugging"),
    ("learning", "Learning"),
    ("refactoring", "Refactoring"),
    ("temporal", "Temporal"),
    ("semantic", "Semantic"),
    ("memory_code", "Memory Code"),
]
SUBTYPES = [
    ("fix", "Debugging: an error and the edit that mended it"),
    ("failing_command", "Debugging: a command that fails session after session"),
    ("study", "Learning: asking and reading without an edit"),
    ("rename", "Refactoring: a name that became another"),
    ("move", "Refactoring: code that went to another file"),
    ("burst", "Temporal: many prompts in little time"),
    ("rhythm", "Temporal: the same time of the week"),
    ("topic", "Semantic: the same thing said again"),
    ("recurring_file", "Memory and code: a file that comes up again"),
    ("changed_together", "Memory and code: files that are edited together"),
]
VISIBILITY = [("workspace", "Workspace"), ("private", "Private")]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("processing", "0022_words_of_workspaces"),
    ]

    operations = [
        migrations.RunSQL(WIPE, WIPE),
        migrations.AlterField("pattern", "type", models.CharField(choices=TYPES, max_length=16)),
        migrations.AlterField("patterncheckpoint", "type", models.CharField(choices=TYPES, max_length=16)),
        migrations.AlterField(
            "patternqueue",
            "pattern_types",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=TYPES, max_length=16), default=list, size=None
            ),
        ),
        migrations.AddField("pattern", "subtype", models.CharField(choices=SUBTYPES, max_length=24)),
        migrations.AddField(
            "pattern",
            "scope",
            models.CharField(
                choices=[("person", "Person"), ("project", "Project"), ("team", "Team")],
                default="person",
                max_length=8,
            ),
        ),
        migrations.AddField(
            "pattern",
            "state",
            models.CharField(
                choices=[("new", "New"), ("confirmed", "Confirmed"), ("dismissed", "Dismissed")],
                default="new",
                max_length=12,
            ),
        ),
        migrations.AddField(
            "patternoccurrence",
            "author",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            "patternoccurrence",
            "visibility",
            models.CharField(choices=VISIBILITY, default="workspace", max_length=16),
        ),
        migrations.AddField(
            "patternoccurrence",
            "started_at",
            models.DateTimeField(help_text="When its first evidence happened."),
        ),
        migrations.AddField("patternoccurrence", "summary", models.CharField(blank=True, max_length=300)),
        migrations.AddField(
            "patternoccurrence",
            "spans",
            models.JSONField(
                blank=True,
                default=list,
                help_text="[memory id, first character, past the last] of what shows it.",
            ),
        ),
        migrations.AddField(
            "patternoccurrence",
            "signatures",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=64),
                blank=True,
                default=list,
                help_text="Of the errors that were mended.",
                size=None,
            ),
        ),
        migrations.AddIndex(
            "patternoccurrence",
            models.Index(fields=["pattern", "occurred_at"], name="pattern_occurrence_times"),
        ),
        migrations.AddIndex(
            "patternoccurrence",
            django.contrib.postgres.indexes.GinIndex(fields=["signatures"], name="pattern_occurrence_errors"),
        ),
        migrations.AddIndex(
            "patternoccurrence",
            django.contrib.postgres.indexes.GinIndex(fields=["memory_ids"], name="pattern_occurrence_memories"),
        ),
        LiftWorkspaceIsolation("processing_patternoccurrence"),
        IsolateAuthors("processing_patternoccurrence"),
    ]
