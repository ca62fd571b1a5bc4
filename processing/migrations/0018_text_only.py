"""Texts of a workspace without embeddings are `text_only`, and nothing queues them."""

from pathlib import Path

from django.db import migrations, models

SQL_DIR = Path(__file__).parent.parent / "sql"
STATUS = models.CharField(
    choices=[
        ("pending", "Pending"),
        ("embedded", "Embedded"),
        ("failed", "Failed"),
        ("text_only", "Text only"),
    ],
    default="pending",
    editable=False,
    max_length=16,
)


class Migration(migrations.Migration):
    dependencies = [("processing", "0017_links_by_vectors"), ("workspaces", "0003_embeddings_enabled")]
    operations = [
        migrations.AlterField(model_name="memory", name="processing_status", field=STATUS),
        migrations.AlterField(model_name="codeobject", name="processing_status", field=STATUS),
        migrations.RunSQL(
            sql=(SQL_DIR / "embedding_choice.sql").read_text(),
            reverse_sql=(SQL_DIR / "drop_embedding_choice.sql").read_text(),
        ),
    ]
