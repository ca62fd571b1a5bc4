"""The times of queue rows come from the database alone: a worker's clock may be wrong by an hour."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("graph", "0005_waiting_rows"),
    ]

    operations = [
        migrations.AlterField(
            model_name="graphqueue",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AlterField(
            model_name="graphqueue",
            name="due_since",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                help_text="Accepted or replayed.",
            ),
        ),
        migrations.AlterField(
            model_name="graphqueue",
            name="run_after",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
    ]
