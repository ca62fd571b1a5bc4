"""Row-level security of the record of replays and discards."""

from django.db import migrations

from supastate.workspaces.row_security import IsolateWorkspaces


class Migration(migrations.Migration):
    dependencies = [("queueing", "0002_relations")]
    operations = [
        IsolateWorkspaces("queueing_queueaction"),
    ]
