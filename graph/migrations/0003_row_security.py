"""Row-level security of facts and of the graph's queue."""

from django.db import migrations

from supastate.workspaces.row_security import ExposeToDispatcher, IsolateWorkspaces


class Migration(migrations.Migration):
    dependencies = [("graph", "0002_relations")]
    operations = [
        IsolateWorkspaces("graph_graphfile"),
        IsolateWorkspaces("graph_graphproject"),
        IsolateWorkspaces("graph_queue"),
        ExposeToDispatcher("graph_queue"),
    ]
