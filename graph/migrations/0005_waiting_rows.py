"""What waits is counted from an index alone, however much has been completed."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("graph", "0004_ended_rows")]
    operations = [
        AddIndexConcurrently(
            "graphqueue",
            models.Index(
                fields=["workspace", "priority", "id"],
                include=("run_after", "due_since", "error_code"),
                condition=models.Q(("status", "pending")),
                name="graphqueue_waiting",
            ),
        ),
        RemoveIndexConcurrently("graphqueue", "graphqueue_due"),
    ]
