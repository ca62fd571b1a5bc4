"""What is searched of a text gets weights; texts that are stored already are read anew."""

from pathlib import Path

from django.db import migrations

SQL_DIR = Path(__file__).parent.parent / "sql"
READ_ANEW = """
UPDATE processing_memory SET search = make_search_vector(array_to_string(file_paths, ' '), '', content);
UPDATE processing_codeobject AS object SET search = make_code_vector(object);
"""
READ_AS_BEFORE = """
UPDATE processing_memory SET search = make_search_vector(array_to_string(file_paths, ' '), content);
UPDATE processing_codeobject SET search = make_search_vector(
    name || ' ' || qualified_name || ' ' || signature, docstring || ' ' || content);
"""


class Migration(migrations.Migration):
    dependencies = [("processing", "0018_text_only")]
    operations = [
        migrations.RunSQL(sql=migrations.RunSQL.noop, reverse_sql=READ_AS_BEFORE),
        migrations.RunSQL(
            sql=(SQL_DIR / "weighted_search.sql").read_text(),
            reverse_sql=(SQL_DIR / "unweighted_search.sql").read_text(),
        ),
        migrations.RunSQL(sql=READ_ANEW, reverse_sql=migrations.RunSQL.noop),
    ]
