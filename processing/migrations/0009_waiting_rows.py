"""What waits is counted from an index alone, however much has been completed."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("processing", "0008_priorities")]
    operations = [
        AddIndexConcurrently(
            "embedqueue",
            models.Index(
                fields=["workspace", "priority", "id"],
                include=("run_after", "due_since", "error_code"),
                condition=models.Q(("status", "pending")),
                name="embedqueue_waiting",
            ),
        ),
        RemoveIndexConcurrently("embedqueue", "embedqueue_due"),
        AddIndexConcurrently(
            "linkqueue",
            models.Index(
                fields=["workspace", "priority", "id"],
                include=("run_after", "due_since", "error_code"),
                condition=models.Q(("status", "pending")),
                name="linkqueue_waiting",
            ),
        ),
        RemoveIndexConcurrently("linkqueue", "linkqueue_due"),
        AddIndexConcurrently(
            "patternqueue",
            models.Index(
                fields=["workspace", "priority", "id"],
                include=("run_after", "due_since", "error_code"),
                condition=models.Q(("status", "pending")),
                name="patternqueue_waiting",
            ),
        ),
        RemoveIndexConcurrently("patternqueue", "patternqueue_due"),
    ]
