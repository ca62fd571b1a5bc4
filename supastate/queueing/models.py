"""The one lifecycle of every queue table, and the record of what people did to dead rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from supastate.workspaces.ids import new_id
from supastate.workspaces.models import User, Workspace


class Status(models.TextChoices):
    """pending → processing → completed | dead; a failed attempt is pending again, with its error."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    DEAD = "dead"


class Priority(models.IntegerChoices):
    """Lower is sooner."""

    INTERACTIVE = 0
    BACKFILL = 10


class QueueItem(models.Model):
    """A row of work. All times are the database's clock: a worker's may be wrong by an hour."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    batch_id = models.UUIDField(null=True, editable=False, help_text="The accepted batch this work came from.")
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING, editable=False)
    priority = models.SmallIntegerField(choices=Priority, default=Priority.INTERACTIVE)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    run_after = models.DateTimeField(db_default=Now())
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    error_code = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    error_detail = models.TextField(blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_since = models.DateTimeField(db_default=Now(), editable=False, help_text="Accepted or replayed.")
    processed_at = models.DateTimeField(null=True, editable=False)
    discarded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=("workspace", "priority", "id"),
                include=("run_after", "due_since", "error_code"),  # so that nothing else of a backlog is read
                condition=Q(status=Status.PENDING),
                name="%(class)s_waiting",
            ),
            models.Index(
                fields=("workspace", "lease_until"),
                condition=Q(status=Status.PROCESSING),
                name="%(class)s_leased",
            ),
            models.Index(fields=("workspace", "id"), condition=Q(status=Status.DEAD), name="%(class)s_dead"),
            models.Index(
                fields=("workspace", "processed_at"),
                condition=Q(status=Status.COMPLETED),
                name="%(class)s_ended",
            ),
            models.Index(
                fields=("workspace", "batch_id"), condition=Q(batch_id__isnull=False), name="%(class)s_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.id}"


class QueueAction(models.Model):
    """Who replayed or discarded which dead row."""

    class Action(models.TextChoices):
        REPLAY = "replay"
        DISCARD = "discard"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=16, choices=Action)
    stage = models.CharField(max_length=64)
    row_id = models.UUIDField()
    error_code = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.action} {self.stage} {self.row_id}"


class Attempt(models.Model):
    """How one attempt at a row failed; one that was given back is not kept, since an outage makes many."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=64)
    row_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    error_code = models.CharField(max_length=64)
    error_detail = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=("workspace", "row_id", "id"), name="attempt_of_row")]

    def __str__(self) -> str:
        return f"{self.stage} {self.row_id} attempt {self.number}"
