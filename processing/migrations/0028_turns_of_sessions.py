"""The turns beside one are found along an index; before, all of their session were sorted for each of the best."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processing", "0027_forgetting")]

    operations = [
        migrations.RemoveIndex(model_name="memory", name="memory_of_session"),
        migrations.AddIndex(
            model_name="memory",
            index=models.Index(fields=["session", "occurred_at", "id"], name="memory_turns"),
        ),
    ]
