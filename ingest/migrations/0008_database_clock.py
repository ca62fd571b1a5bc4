"""The times of queue rows come from the database alone: a worker's clock may be wrong by an hour."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ingest", "0007_waiting_rows"),
    ]

    operations = [
        migrations.AlterField(
            model_name="codequeue",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AlterField(
            model_name="codequeue",
            name="due_since",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                help_text="Accepted or replayed.",
            ),
        ),
        migrations.AlterField(
            model_name="codequeue",
            name="run_after",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="memoryqueue",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AlterField(
            model_name="memoryqueue",
            name="due_since",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                help_text="Accepted or replayed.",
            ),
        ),
        migrations.AlterField(
            model_name="memoryqueue",
            name="run_after",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
    ]
