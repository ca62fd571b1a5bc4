"""How fast rows end: read from an index, by the dispatcher in every workspace."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from supastate.workspaces.row_security import ExposeTimesToDispatcher


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ingest", "0004_session_index")]
    operations = [
        AddIndexConcurrently(
            "memoryqueue",
            models.Index(
                fields=["workspace", "processed_at"],
                condition=models.Q(("status", "completed")),
                name="memoryqueue_ended",
            ),
        ),
        AddIndexConcurrently(
            "codequeue",
            models.Index(
                fields=["workspace", "processed_at"],
                condition=models.Q(("status", "completed")),
                name="codequeue_ended",
            ),
        ),
        ExposeTimesToDispatcher("memory_queue"),
        ExposeTimesToDispatcher("code_queue"),
    ]
