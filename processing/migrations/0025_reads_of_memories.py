"""An index of the times that a memory was read by its id: search counts them among far more other accesses."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processing", "0024_topic_leaders")]

    operations = [
        migrations.AddIndex(
            model_name="memoryaccess",
            index=models.Index(
                condition=models.Q(("way", "read")), fields=["memory", "accessed_at"], name="access_by_id"
            ),
        ),
    ]
