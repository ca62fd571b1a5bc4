"""Facts about source files, from which the graph is rebuilt at any time, and the queue of changes to it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from supastate.queueing.models import QueueItem
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Project, Workspace

WHOLE_PROJECT = ""
"""The path of a row that asks for a project to be resolved as a whole."""


class GraphFile(models.Model):
    """What parsing found in a project's current version of a path, and what of it the graph store holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=1024)
    content_hash = models.CharField(max_length=64)
    parser_version = models.PositiveIntegerField()
    facts = models.JSONField(null=True, help_text="Empty: the file is gone and waits for its removal.")
    facts_hash = models.CharField(
        max_length=64, blank=True, help_text="Hash of the facts: half without positions and texts, half whole."
    )
    synced_hash = models.CharField(
        max_length=64, blank=True, help_text="That hash when the whole project was last brought into the store."
    )
    written_hash = models.CharField(
        max_length=64, blank=True, help_text="Hash of the file's nodes and edges in the graph store."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=("project", "path"), name="graph_file_once")]

    def __str__(self) -> str:
        return self.path


class Tombstone(models.Model):
    """A file or definition that is gone, or was, and that memories mention: its node and its links live on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    uid = models.CharField(max_length=32, help_text="The same as the node's in the graph.")
    path = models.CharField(max_length=1024)
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=512)
    qualified_name = models.CharField(max_length=2048)
    signature = models.TextField(blank=True)
    language = models.CharField(max_length=64, blank=True)
    start_line = models.PositiveIntegerField()
    end_line = models.PositiveIntegerField()
    deleted_at = models.DateTimeField(null=True, help_text="Empty: it came back and lives.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("project", "uid"), name="tombstone_once")]
        indexes = [
            models.Index(fields=("project", "path"), name="tombstone_path"),
            models.Index(fields=("project", "name"), name="tombstone_name"),
        ]

    def __str__(self) -> str:
        return self.qualified_name


class GraphProject(models.Model):
    """One writer at a time for a project's graph: a lease, the epoch that fences a stale writer, and what the last
    one found out about the whole project."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, primary_key=True, related_name="+")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    epoch = models.BigIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(default=timezone.now)
    flow = models.BinaryField(null=True, help_text="What calls were last found to pass; packed JSON.")
    flow_of = models.CharField(
        max_length=32,
        blank=True,
        db_default="",
        help_text="Hash of what files saw of each other when that was found.",
    )

    def __str__(self) -> str:
        return f"{self.project_id} epoch {self.epoch}"


class GraphQueue(QueueItem):
    """A path whose facts changed and must reach the graph store, or a project of which other files have."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=1024, blank=True, help_text="Empty: the project as a whole.")

    class Meta(QueueItem.Meta):
        db_table = "graph_queue"
        verbose_name = "graph queue row"
