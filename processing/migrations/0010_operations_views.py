"""Views for people who look with psql: depth, pace, dead letters, batches, sizes."""

from pathlib import Path

from django.db import migrations

SQL_DIR = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("processing", "0009_waiting_rows"),
        ("ingest", "0005_ended_rows"),
        ("graph", "0004_ended_rows"),
    ]
    operations = [
        migrations.RunSQL(
            sql=(SQL_DIR / "operations_views.sql").read_text(),
            reverse_sql=(SQL_DIR / "drop_operations_views.sql").read_text(),
        )
    ]
