"""What waits is counted from an index alone, however much has been completed."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ingest", "0006_batch_request")]
    operations = [
        AddIndexConcurrently(
            "memoryqueue",
            models.Index(
                fields=["workspace", "priority", "id"],
                include=("run_after", "due_since", "error_code"),
                condition=models.Q(("status", "pending")),
                name="memoryqueue_waiting",
            ),
        ),
        RemoveIndexConcurrently("memoryqueue", "memoryqueue_due"),
        AddIndexConcurrently(
            "codequeue",
            models.Index(
                fields=["workspace", "priority", "id"],
                include=("run_after", "due_since", "error_code"),
                condition=models.Q(("status", "pending")),
                name="codequeue_waiting",
            ),
        ),
        RemoveIndexConcurrently("codequeue", "codequeue_due"),
    ]
