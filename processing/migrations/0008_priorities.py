"""Embedding work is as urgent as what wrote the text; marking a memory as embedded touches no index."""

from pathlib import Path

from django.db import migrations

SQL_DIR = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("processing", "0006_ended_rows")]
    operations = [
        migrations.RunSQL(
            sql=(SQL_DIR / "prioritise_embeddings.sql").read_text(),
            reverse_sql=(SQL_DIR / "forget_priorities.sql").read_text(),
        )
    ]
