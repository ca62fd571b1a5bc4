"""What a project's calls were last found to pass, for whichever process brings the next edit in, and rows that ask
for a project to be resolved as a whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("graph", "0007_tombstones"),
    ]

    operations = [
        migrations.AddField(
            model_name="graphproject",
            name="flow",
            field=models.BinaryField(help_text="What calls were last found to pass; packed JSON.", null=True),
        ),
        migrations.AddField(
            model_name="graphproject",
            name="flow_of",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Hash of what files saw of each other when that was found.",
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="graphqueue",
            name="path",
            field=models.CharField(blank=True, help_text="Empty: the project as a whole.", max_length=1024),
        ),
    ]
