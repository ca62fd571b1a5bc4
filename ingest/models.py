"""What clients sent, as it was accepted: batches, the two queues, and what each checkout holds."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from supastate.queueing.models import QueueItem
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Checkout, Project, User, Visibility, Workspace


class Batch(models.Model):
    """One accepted request and its answer: received = new + duplicate + rejected."""

    class Kind(models.TextChoices):
        MEMORY = "memory"
        CODE = "code"
        TRANSCRIPT = "transcript"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    received = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    conflict = models.PositiveIntegerField(default=0, help_text="Duplicates whose body differed from the first.")
    rejected = models.PositiveIntegerField(default=0)
    masked_secrets = models.PositiveIntegerField(default=0)
    rejections = models.JSONField(default=list, help_text="Index, code and detail of each rejected item.")
    request_id = models.CharField(
        max_length=128,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="X-Request-Id of the answer.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "batches"
        indexes = [models.Index(fields=("workspace", "-id"), name="batch_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class MemoryQueue(QueueItem):
    """One transcript line or memory chunk. The row stays for ever: its key makes a resend harmless."""

    class Format(models.TextChoices):
        CHUNK = "chunk"
        CLAUDE_CODE = "claude_code"

    key = models.CharField(max_length=64, editable=False, help_text="Hash of the item's idempotency key.")
    body_hash = models.CharField(max_length=64, editable=False)
    format = models.CharField(max_length=32, choices=Format)
    session_key = models.CharField(max_length=255, blank=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    line_no = models.PositiveIntegerField(default=0)
    payload = models.JSONField()

    class Meta(QueueItem.Meta):
        db_table = "memory_queue"
        verbose_name = "memory queue row"
        constraints = [models.UniqueConstraint(fields=("workspace", "key"), name="memory_queue_key_once")]
        indexes = [
            *QueueItem.Meta.indexes,
            models.Index(fields=("workspace", "session_key", "body_hash"), name="memory_queue_session"),
        ]


class CodeBlob(models.Model):
    """Source text by its hash: kept once for a workspace, however many checkouts hold it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    content_hash = models.CharField(max_length=64)
    content = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("workspace", "content_hash"), name="code_blob_once")]

    def __str__(self) -> str:
        return self.content_hash


class PathHead(models.Model):
    """The newest accepted revision of a path; accepting locks this row and counts it up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=1024)
    revision = models.BigIntegerField(default=0)
    content_hash = models.CharField(max_length=64, blank=True, help_text="Empty: no checkout holds the path.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("project", "path"), name="path_head_once")]

    def __str__(self) -> str:
        return f"{self.path} r{self.revision}"


class CheckoutPath(models.Model):
    """What one checkout holds at a path."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    checkout = models.ForeignKey(Checkout, on_delete=models.CASCADE, related_name="paths")
    path = models.CharField(max_length=1024)
    content_hash = models.CharField(max_length=64)
    revision = models.BigIntegerField(help_text="The path's revision when this content was accepted.")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("checkout", "path"), name="checkout_path_once")]
        indexes = [models.Index(fields=("workspace", "path"), name="checkout_path_holders")]

    def __str__(self) -> str:
        return self.path


class CodeQueue(QueueItem):
    """One accepted change of a path: new content, or its end."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    checkout = models.ForeignKey(Checkout, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=1024)
    revision = models.BigIntegerField()
    content_hash = models.CharField(max_length=64, blank=True, help_text="Empty: the path is gone.")
    language = models.CharField(max_length=64, blank=True)
    last_modified = models.DateTimeField(null=True)
    marks = ArrayField(models.CharField(max_length=32), default=list, help_text="too_large, binary …")

    class Meta(QueueItem.Meta):
        db_table = "code_queue"
        verbose_name = "code queue row"
        constraints = [
            models.UniqueConstraint(fields=("project", "path", "revision"), name="code_queue_revision_once")
        ]


class FullSync(models.Model):
    """A client's statement of everything a checkout holds, sent in parts, in any order, perhaps twice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    checkout = models.ForeignKey(Checkout, on_delete=models.CASCADE, related_name="+")
    sync_key = models.CharField(max_length=255)
    parts = models.PositiveIntegerField()
    received = ArrayField(models.PositiveIntegerField(), default=list)
    began_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("checkout", "sync_key"), name="full_sync_once")]

    def __str__(self) -> str:
        return self.sync_key


class FullSyncPath(models.Model):
    """A path that a full sync named; rejected files count as named."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    full_sync = models.ForeignKey(FullSync, on_delete=models.CASCADE, related_name="paths")
    path = models.CharField(max_length=1024)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("full_sync", "path"), name="full_sync_path_once")]

    def __str__(self) -> str:
        return self.path
