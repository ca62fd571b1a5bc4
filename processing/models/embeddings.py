"""Vectors of texts, the models that make them, and the queue of texts that need theirs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from pgvector.django import HalfVectorField

from supastate.queueing.models import QueueItem
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Workspace


class SubjectKind(models.TextChoices):
    """What a vector stands for."""

    MEMORY = "memory"
    CODE = "code"
    SUMMARY = "summary"


class EmbeddingModel(models.Model):
    """A model that texts are embedded with, of all workspaces. Its vectors carry `name`."""

    class State(models.TextChoices):
        FILLING = "filling", "Filling: kept complete beside the active one"
        ACTIVE = "active", "Active: searched"
        RETIRED = "retired", "Retired: its vectors are gone"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=128, unique=True, help_text="Of the provider; #2 … for one made anew.")
    provider = models.CharField(max_length=16)
    remote_model = models.CharField(max_length=96, blank=True)
    dimensions = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=State, default=State.FILLING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    activated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("state",), condition=Q(state="active"), name="embedding_model_one_active"
            )
        ]

    def __str__(self) -> str:
        return self.name


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
    vector = HalfVectorField()
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
    model = models.CharField(
        max_length=128, blank=True, default="", db_default="", help_text="Empty: whichever is active."
    )

    class Meta(QueueItem.Meta):
        db_table = "embed_queue"
        verbose_name = "embed queue row"
