"""Links of memories to code that is gone, and the session that a memory left."""

import django.db.models.deletion
from django.db import migrations, models

import supastate.workspaces.ids
from supastate.workspaces.row_security import IsolateWorkspaces


class Migration(migrations.Migration):
    dependencies = [
        ("graph", "0007_tombstones"),
        ("processing", "0012_embedding_models"),
        ("workspaces", "0002_row_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkqueue",
            name="left_session",
            field=models.ForeignKey(
                help_text="The session that the memory left there.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="processing.session",
            ),
        ),
        migrations.CreateModel(
            name="TombstoneLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=supastate.workspaces.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "edge",
                    models.CharField(choices=[("touched", "Touched"), ("mentions", "Mentions")], max_length=16),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("tool_edit", "Tool Edit"),
                            ("tool_read", "Tool Read"),
                            ("exact_path", "Exact Path"),
                            ("qualified_name", "Qualified Name"),
                            ("identifier", "Identifier"),
                        ],
                        max_length=16,
                    ),
                ),
                ("confidence", models.FloatField()),
                (
                    "memory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="processing.memory"
                    ),
                ),
                (
                    "tombstone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="graph.tombstone"
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
                "constraints": [
                    models.UniqueConstraint(fields=("memory", "tombstone", "how"), name="tombstone_link_once")
                ],
            },
        ),
        IsolateWorkspaces("processing_tombstonelink"),
    ]
