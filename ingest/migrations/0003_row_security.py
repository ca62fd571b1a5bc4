"""Row-level security of what clients sent; the dispatcher sees when rows are due."""

from django.db import migrations

from supastate.workspaces.row_security import ExposeToDispatcher, IsolateWorkspaces


class Migration(migrations.Migration):
    dependencies = [("ingest", "0002_relations")]
    operations = [
        IsolateWorkspaces("ingest_batch"),
        IsolateWorkspaces("memory_queue"),
        IsolateWorkspaces("ingest_codeblob"),
        IsolateWorkspaces("ingest_pathhead"),
        IsolateWorkspaces("ingest_checkoutpath"),
        IsolateWorkspaces("code_queue"),
        IsolateWorkspaces("ingest_fullsync"),
        IsolateWorkspaces("ingest_fullsyncpath"),
        ExposeToDispatcher("memory_queue"),
        ExposeToDispatcher("code_queue"),
    ]
