"""Finds a session's rows: a tail of a transcript is keyed by how often its lines stand before it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ingest", "0003_row_security")]
    operations = [
        AddIndexConcurrently(
            "memoryqueue",
            models.Index(fields=["workspace", "session_key", "body_hash"], name="memory_queue_session"),
        ),
    ]
