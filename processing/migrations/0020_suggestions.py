"""Names are suggested, a session list is read and newest links are found from an index alone."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Left, Lower


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("processing", "0019_weighted_search")]
    operations = [
        migrations.AddField(
            model_name="codeobject",
            name="name_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=Left(Lower("name"), 100),
                help_text="A column and no expression: only so may an index answer under row-level security.",
                output_field=models.CharField(db_collation="C", max_length=100),
            ),
        ),
        AddIndexConcurrently(
            "codeobject", models.Index(fields=["workspace", "name_key"], name="code_object_name_key")
        ),
        AddIndexConcurrently(
            "memorylink", models.Index(fields=["code_object", "-memory"], name="memory_link_newest")
        ),
        AddIndexConcurrently("session", models.Index(fields=["workspace", "-ended_at"], name="session_newest")),
    ]
