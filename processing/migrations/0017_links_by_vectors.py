"""Links know one more reason: that vectors are near. What references say never has it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("processing", "0016_memory_dynamics"),
    ]

    operations = [
        migrations.AlterField(
            model_name="memorylink",
            name="how",
            field=models.CharField(
                choices=[
                    ("tool_edit", "Tool Edit"),
                    ("tool_read", "Tool Read"),
                    ("exact_path", "Exact Path"),
                    ("qualified_name", "Qualified Name"),
                    ("identifier", "Identifier"),
                    ("vector", "Vector"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="tombstonelink",
            name="how",
            field=models.CharField(
                choices=[
                    ("tool_edit", "Tool Edit"),
                    ("tool_read", "Tool Read"),
                    ("exact_path", "Exact Path"),
                    ("qualified_name", "Qualified Name"),
                    ("identifier", "Identifier"),
                    ("vector", "Vector"),
                ],
                max_length=16,
            ),
        ),
    ]
