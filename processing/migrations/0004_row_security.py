"""Row-level security of memories, code, vectors, links and patterns."""

from django.db import migrations

from supastate.workspaces.row_security import ExposeToDispatcher, IsolateAuthors, IsolateWorkspaces


class Migration(migrations.Migration):
    dependencies = [("processing", "0003_triggers")]
    operations = [
        IsolateAuthors("processing_session"),
        IsolateAuthors("processing_memory"),
        IsolateAuthors("processing_codefile"),
        IsolateAuthors("processing_codeobject"),
        IsolateWorkspaces("processing_embedding"),
        IsolateWorkspaces("embed_queue"),
        IsolateWorkspaces("link_queue"),
        IsolateWorkspaces("processing_codereference"),
        IsolateWorkspaces("processing_memorylink"),
        IsolateAuthors("processing_pattern"),
        IsolateWorkspaces("processing_patternoccurrence"),
        IsolateWorkspaces("processing_patterncheckpoint"),
        IsolateWorkspaces("pattern_queue"),
        ExposeToDispatcher("embed_queue"),
        ExposeToDispatcher("link_queue"),
        ExposeToDispatcher("pattern_queue"),
    ]
