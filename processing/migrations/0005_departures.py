"""Rows of the link queue can name a project whose graph a memory left."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("processing", "0004_row_security"),
        ("workspaces", "0002_row_security"),
    ]
    operations = [
        migrations.AddField(
            model_name="linkqueue",
            name="left_project",
            field=models.ForeignKey(
                help_text="The project whose graph the memory left: it was deleted or made private.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="workspaces.project",
            ),
        ),
    ]
