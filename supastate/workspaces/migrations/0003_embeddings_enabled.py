"""A workspace may run without embeddings."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0002_row_security")]
    operations = [
        migrations.AddField(
            model_name="workspace",
            name="embeddings_enabled",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Off: texts are found by their words alone, and none is sent to a provider.",
            ),
        )
    ]
