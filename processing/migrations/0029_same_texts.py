"""What texts have in common but for case, space and punctuation is kept in their rows, and no longer made by searches.

Rewrites the three tables.
"""

from django.db import migrations, models
from django.db.models import Func, Value
from django.db.models.functions import MD5, Cast, Lower


class Migration(migrations.Migration):
    dependencies = [("processing", "0028_turns_of_sessions")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="same_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=Cast(
                    MD5(Func(Lower("content"), Value(" \n\r\t.,;:!?`*_#\"'-"), Value(""), function="translate")),
                    models.UUIDField(),
                ),
                output_field=models.UUIDField(),
            ),
        )
        for name in ("codeobject", "memory", "summary")
    ]
