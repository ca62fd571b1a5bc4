"""Row-level security of projects and checkouts."""

from django.db import migrations

from supastate.workspaces.row_security import IsolateAuthors, IsolateWorkspaces


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_initial")]
    operations = [
        IsolateAuthors("workspaces_project"),
        IsolateWorkspaces("workspaces_checkout"),
    ]
