"""What memories say of code, the links found from it, and the queue of memories to link."""

from __future__ import annotations

from django.db import models

from graph.models import Tombstone
from processing.models.code import CodeObject
from processing.models.memories import Memory, Session
from supastate.queueing.models import QueueItem
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Project, Workspace


class LinkQueue(QueueItem):
    """A memory whose links to code are to be found, or found again, and brought into the graph."""

    memory_id = models.UUIDField()
    left_project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="The project whose graph the memory left: it was deleted or made private.",
    )
    left_session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="The session that the memory left there.",
    )

    class Meta(QueueItem.Meta):
        db_table = "link_queue"
        verbose_name = "link queue row"


class CodeReference(models.Model):
    """A path, a name or a commit that a memory speaks of, whether or not the code has arrived."""

    class Kind(models.TextChoices):
        PATH = "path"
        NAME = "name"
        COMMIT = "commit"

    class How(models.TextChoices):
        TOOL_EDIT = "tool_edit"
        TOOL_READ = "tool_read"
        EXACT_PATH = "exact_path"
        QUALIFIED_NAME = "qualified_name"
        IDENTIFIER = "identifier"
        COMMIT = "commit"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    memory = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="references")
    kind = models.CharField(max_length=8, choices=Kind)
    how = models.CharField(max_length=16, choices=How)
    text = models.CharField(max_length=1024)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("memory", "kind", "text", "how"), name="code_reference_once")
        ]
        indexes = [models.Index(fields=("workspace", "kind", "text"), name="code_reference_text")]

    def __str__(self) -> str:
        return self.text


class MemoryLink(models.Model):
    """A memory and the code it is about, with the reason and how sure it is (0 to 1)."""

    class Edge(models.TextChoices):
        TOUCHED = "touched"
        MENTIONS = "mentions"

    class How(models.TextChoices):
        TOOL_EDIT = "tool_edit"
        TOOL_READ = "tool_read"
        EXACT_PATH = "exact_path"
        QUALIFIED_NAME = "qualified_name"
        IDENTIFIER = "identifier"
        VECTOR = "vector"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    memory = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="links")
    code_object = models.ForeignKey(CodeObject, on_delete=models.CASCADE, related_name="links")
    edge = models.CharField(max_length=16, choices=Edge)
    how = models.CharField(max_length=16, choices=How)
    confidence = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("memory", "code_object", "how"), name="memory_link_once")]
        indexes = [models.Index(fields=("code_object", "-memory"), name="memory_link_newest")]

    def __str__(self) -> str:
        return f"{self.edge} {self.how} {self.confidence:.2f}"


class TombstoneLink(models.Model):
    """A memory and code that it is about and that is gone, as `MemoryLink` has it of what lives."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    memory = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="+")
    tombstone = models.ForeignKey(Tombstone, on_delete=models.CASCADE, related_name="+")
    edge = models.CharField(max_length=16, choices=MemoryLink.Edge)
    how = models.CharField(max_length=16, choices=MemoryLink.How)
    confidence = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("memory", "tombstone", "how"), name="tombstone_link_once")]

    def __str__(self) -> str:
        return f"{self.edge} {self.how} {self.confidence:.2f}"
