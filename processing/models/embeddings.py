"""Vectors of texts, and the queue of texts that need theirs."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from pgvector.django import VectorField

from supastate.queueing.models import QueueItem
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Workspace


class SubjectKind(models.TextChoices):
    """What a vector stands for."""

    MEMORY = "memory"
    CODE = "code"


class Embedding(models.Model):
    """One vector of one chunk of a text, by model and the text's hash: going back to a text costs nothing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    subject_kind = models.CharField(max_length=16, choices=SubjectKind)
    model = models.CharField(max_length=128)
    source_hash = models.CharField(max_length=64)
    chunk_no = models.PositiveIntegerField()
    start = models.PositiveIntegerField(help_text="First character of the chunk in the text.")
    end = models.PositiveIntegerField(help_text="Past its last character.")
    vector = VectorField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("workspace", "subject_kind", "model", "source_hash", "chunk_no"),
                name="embedding_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.source_hash[:12]} #{self.chunk_no}"


class EmbedQueue(QueueItem):
    """A text that needs its vectors."""

    subject_kind = models.CharField(max_length=16, choices=SubjectKind)
    subject_id = models.UUIDField()

    class Meta(QueueItem.Meta):
        db_table = "embed_queue"
        verbose_name = "embed queue row"
