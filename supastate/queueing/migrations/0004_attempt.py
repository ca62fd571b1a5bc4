"""How each attempt at a row failed, inside its workspace."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import supastate.workspaces.ids
from supastate.workspaces.row_security import IsolateWorkspaces


class Migration(migrations.Migration):
    dependencies = [("queueing", "0003_row_security"), ("workspaces", "0002_row_security")]
    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=supastate.workspaces.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("stage", models.CharField(max_length=64)),
                ("row_id", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField()),
                ("error_code", models.CharField(max_length=64)),
                ("error_detail", models.TextField(blank=True)),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["workspace", "row_id", "id"], name="attempt_of_row")],
            },
        ),
        IsolateWorkspaces("queueing_attempt"),
    ]
