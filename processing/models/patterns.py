"""What recurs, with its evidence; how far detection has read; the queue of its jobs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from supastate.queueing.models import QueueItem
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Project, User, Visibility, Workspace


class PatternType(models.TextChoices):
    """What kinds of pattern are detected."""

    DEBUGGING = "debugging"
    MEMORY_CODE = "memory_code"


class Pattern(models.Model):
    """Something that recurs, with its evidence. A rerun over the same evidence changes nothing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    type = models.CharField(max_length=16, choices=PatternType)
    key = models.CharField(max_length=64, editable=False, help_text="What makes two findings the same pattern.")
    title = models.CharField(max_length=500)
    frequency = models.PositiveIntegerField(default=0)
    confidence = models.FloatField(default=0)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-last_seen", "-id")
        constraints = [models.UniqueConstraint(fields=("workspace", "type", "key"), name="pattern_once")]

    def __str__(self) -> str:
        return self.title


class PatternOccurrence(models.Model):
    """One time that a pattern was seen, with the memories that show it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="occurrences")
    key = models.CharField(max_length=64, editable=False)
    occurred_at = models.DateTimeField()
    memory_ids = ArrayField(models.UUIDField())
    uids = ArrayField(models.CharField(max_length=32), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("pattern", "key"), name="pattern_occurrence_once")]

    def __str__(self) -> str:
        return self.key


class PatternCheckpoint(models.Model):
    """How far detection of one type has read: memories are looked at again only when something is new."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    type = models.CharField(max_length=16, choices=PatternType)
    last_memory_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("workspace", "type"), name="pattern_checkpoint_once")]

    def __str__(self) -> str:
        return self.type


class PatternQueue(QueueItem):
    """One detection job. At most one that ingest asked for waits in a workspace."""

    pattern_types = ArrayField(models.CharField(max_length=16, choices=PatternType), default=list)
    limit = models.PositiveIntegerField(default=100)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    asked_by_ingest = models.BooleanField(default=False)

    class Meta(QueueItem.Meta):
        db_table = "pattern_queue"
        verbose_name = "pattern queue row"
        constraints = [
            models.UniqueConstraint(
                fields=("workspace",),
                condition=models.Q(status="pending", asked_by_ingest=True),
                name="pattern_queue_debounced",
            )
        ]
