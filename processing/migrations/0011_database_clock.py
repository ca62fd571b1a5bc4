"""The times of queue rows come from the database alone: a worker's clock may be wrong by an hour."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("processing", "0010_operations_views"),
    ]

    operations = [
        migrations.AlterField(
            model_name="embedqueue",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AlterField(
            model_name="embedqueue",
            name="due_since",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                help_text="Accepted or replayed.",
            ),
        ),
        migrations.AlterField(
            model_name="embedqueue",
            name="run_after",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="linkqueue",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AlterField(
            model_name="linkqueue",
            name="due_since",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                help_text="Accepted or replayed.",
            ),
        ),
        migrations.AlterField(
            model_name="linkqueue",
            name="run_after",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name="patternqueue",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AlterField(
            model_name="patternqueue",
            name="due_since",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                help_text="Accepted or replayed.",
            ),
        ),
        migrations.AlterField(
            model_name="patternqueue",
            name="run_after",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
    ]
