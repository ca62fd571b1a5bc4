"""Triggers that keep what derives from a text, so that a change by API, Studio or SQL is the same."""

from pathlib import Path

from django.db import migrations

SQL_DIR = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("processing", "0002_relations")]
    operations = [
        migrations.RunSQL(
            sql=(SQL_DIR / "text_triggers.sql").read_text(),
            reverse_sql=(SQL_DIR / "drop_text_triggers.sql").read_text(),
        )
    ]
