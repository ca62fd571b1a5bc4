"""How fast rows end: read from an index, by the dispatcher in every workspace."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from supastate.workspaces.row_security import ExposeTimesToDispatcher


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("processing", "0005_departures")]
    operations = [
        AddIndexConcurrently(
            "embedqueue",
            models.Index(
                fields=["workspace", "processed_at"],
                condition=models.Q(("status", "completed")),
                name="embedqueue_ended",
            ),
        ),
        AddIndexConcurrently(
            "linkqueue",
            models.Index(
                fields=["workspace", "processed_at"],
                condition=models.Q(("status", "completed")),
                name="linkqueue_ended",
            ),
        ),
        AddIndexConcurrently(
            "patternqueue",
            models.Index(
                fields=["workspace", "processed_at"],
                condition=models.Q(("status", "completed")),
                name="patternqueue_ended",
            ),
        ),
        ExposeTimesToDispatcher("embed_queue"),
        ExposeTimesToDispatcher("link_queue"),
        ExposeTimesToDispatcher("pattern_queue"),
    ]
