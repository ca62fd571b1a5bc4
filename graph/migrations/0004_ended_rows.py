"""How fast rows end: read from an index, by the dispatcher in every workspace."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from supastate.workspaces.row_security import ExposeTimesToDispatcher


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("graph", "0003_row_security")]
    operations = [
        AddIndexConcurrently(
            "graphqueue",
            models.Index(
                fields=["workspace", "processed_at"],
                condition=models.Q(("status", "completed")),
                name="graphqueue_ended",
            ),
        ),
        ExposeTimesToDispatcher("graph_queue"),
    ]
