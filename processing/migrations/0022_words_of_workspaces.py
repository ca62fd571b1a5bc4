"""Words are indexed by workspace: a search no longer reads what other workspaces have of a word.

The new indexes are built beside the old ones, while searches and writes go on. Needs the extension btree_gin, which
provisioning creates.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("processing", "0021_half_vectors"),
    ]

    operations = [
        migrations.RenameIndex("memory", new_name="memory_search_before", old_name="memory_search"),
        AddIndexConcurrently("memory", GinIndex(fields=["workspace", "search"], name="memory_search")),
        RemoveIndexConcurrently("memory", "memory_search_before"),
        migrations.RenameIndex("codeobject", new_name="code_object_search_before", old_name="code_object_search"),
        AddIndexConcurrently("codeobject", GinIndex(fields=["workspace", "search"], name="code_object_search")),
        RemoveIndexConcurrently("codeobject", "code_object_search_before"),
    ]
