"""Hashes of facts, which say what is due, and tombstones of code that memories mention."""

import django.db.models.deletion
from django.db import migrations, models

import supastate.workspaces.ids
from supastate.workspaces.row_security import IsolateWorkspaces


class Migration(migrations.Migration):
    dependencies = [
        ("graph", "0006_database_clock"),
        ("workspaces", "0002_row_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="graphfile",
            name="facts_hash",
            field=models.CharField(
                blank=True,
                help_text="Hash of the facts: half without positions and texts, half whole.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="graphfile",
            name="synced_hash",
            field=models.CharField(
                blank=True,
                help_text="That hash when the whole project was last brought into the store.",
                max_length=64,
            ),
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=supastate.workspaces.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("uid", models.CharField(help_text="The same as the node's in the graph.", max_length=32)),
                ("path", models.CharField(max_length=1024)),
                ("kind", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=512)),
                ("qualified_name", models.CharField(max_length=2048)),
                ("signature", models.TextField(blank=True)),
                ("language", models.CharField(blank=True, max_length=64)),
                ("start_line", models.PositiveIntegerField()),
                ("end_line", models.PositiveIntegerField()),
                ("deleted_at", models.DateTimeField(help_text="Empty: it came back and lives.", null=True)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.project"
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
                "indexes": [
                    models.Index(fields=["project", "path"], name="tombstone_path"),
                    models.Index(fields=["project", "name"], name="tombstone_name"),
                ],
                "constraints": [models.UniqueConstraint(fields=("project", "uid"), name="tombstone_once")],
            },
        ),
        IsolateWorkspaces("graph_tombstone"),
    ]
