"""Conversations and what was said and done in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ingest.memory_types import MemoryType
from processing.models.texts import make_same_text_field
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Project, User, Visibility, Workspace


class ProcessingStatus(models.TextChoices):
    """Where a text is on its way to being found by meaning."""

    PENDING = "pending"
    EMBEDDED = "embedded"
    FAILED = "failed"
    TEXT_ONLY = "text_only", "Text only"


class Role(models.TextChoices):
    """Who speaks in a memory."""

    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
    SYSTEM = "system"


class Session(models.Model):
    """One conversation of a person with an assistant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255, help_text="The client's session id.")
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    title = models.CharField(max_length=500, blank=True)
    branch = models.CharField(max_length=255, blank=True)
    cwd = models.CharField(max_length=1024, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(
        null=True, editable=False, help_text="When its memories last changed; kept by a trigger."
    )

    class Meta:
        ordering = ("-ended_at",)
        constraints = [models.UniqueConstraint(fields=("workspace", "key", "author"), name="session_once")]
        indexes = [models.Index(fields=("workspace", "-ended_at"), name="session_newest")]

    def __str__(self) -> str:
        return self.title[:80] or self.key


class Memory(models.Model):
    """Something that was said or done: found by its words once stored, by its meaning once embedded."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, blank=True, related_name="memories")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    role = models.CharField(max_length=16, choices=Role, default=Role.USER)
    content = models.TextField()
    type = models.CharField(
        max_length=16,
        choices=MemoryType,
        blank=True,
        default="",
        db_default="",
        help_text="Empty: no rule speaks.",
    )
    importance = models.FloatField(
        default=0.5,
        db_default=0.5,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="0 to 1.",
    )
    set_by_hand = ArrayField(
        models.CharField(max_length=16),
        default=list,
        db_default=[],
        blank=True,
        editable=False,
        help_text="Of type and importance, what a client or person set: it is never overwritten.",
    )
    rules_version = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="Of the rules that judged type and importance; 0: none."
    )
    confidence = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="0 to 1, if a client or person said so; empty, a formula tells it.",
    )
    metadata = models.JSONField(default=dict, blank=True)
    file_paths = ArrayField(models.CharField(max_length=1024), default=list, blank=True)
    tool = models.JSONField(null=True, blank=True, help_text="Name, command, files and success of a tool call.")
    occurred_at = models.DateTimeField(default=timezone.now, help_text="When it happened.")
    created_at = models.DateTimeField(default=timezone.now, editable=False, help_text="When it arrived.")
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    forgotten_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Since when it is hidden; row-level security shows it to nobody who does not ask.",
    )
    batch_id = models.UUIDField(null=True, editable=False)
    source_id = models.UUIDField(null=True, editable=False, help_text="The queue row it came from.")
    source_line = models.PositiveIntegerField(null=True, editable=False)
    part_no = models.PositiveSmallIntegerField(default=0, editable=False)
    content_hash = models.CharField(max_length=64, default="", editable=False)
    processing_status = models.CharField(
        max_length=16, choices=ProcessingStatus, default=ProcessingStatus.PENDING, editable=False
    )
    search = SearchVectorField(null=True, editable=False)
    same_text = make_same_text_field()

    class Meta:
        ordering = ("-occurred_at", "-id")
        verbose_name_plural = "memories"
        constraints = [
            models.UniqueConstraint(fields=("source_id", "part_no"), name="memory_of_source_once"),
            models.CheckConstraint(condition=Q(importance__range=(0, 1)), name="memory_importance_range"),
            models.CheckConstraint(condition=Q(confidence__range=(0, 1)), name="memory_confidence_range"),
        ]
        indexes = [
            GinIndex(fields=("workspace", "search"), name="memory_search"),
            models.Index(fields=("workspace", "-occurred_at", "-id"), name="memory_newest"),
            models.Index(fields=("workspace", "content_hash"), name="memory_content"),
            models.Index(fields=("session", "occurred_at", "id"), name="memory_turns"),
            GinIndex(fields=("file_paths",), name="memory_files"),
            models.Index(
                fields=("workspace", "forgotten_at"),
                condition=Q(forgotten_at__isnull=False),
                name="memory_forgotten",
            ),
        ]

    def __str__(self) -> str:
        return self.content[:80]


class ForgottenMemory(Memory):
    """A memory that is hidden and kept: it can be restored until a policy erases it."""

    class Meta:
        proxy = True
        ordering = ("-forgotten_at", "-id")
        verbose_name_plural = "forgotten memories"
