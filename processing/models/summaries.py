"""Summaries of sessions, code and projects, what they rest on and cost, and the queue of those to be made."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from processing.models.code import CodeObject
from processing.models.memories import ProcessingStatus, Session
from processing.models.texts import make_same_text_field
from supastate.queueing.models import QueueItem, Status
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Project, User, Visibility, Workspace


class SummaryKind(models.TextChoices):
    """What a summary is of. A file and an entity are code objects, known by their uid."""

    SESSION = "session"
    FILE = "file"
    ENTITY = "entity"
    PROJECT = "project"


class SummaryMethod(models.TextChoices):
    """Who chose the words: the people that are quoted, or a language model."""

    EXTRACTIVE = "extractive"
    LLM = "llm"


class Summary(models.Model):
    """What is known of a subject in few lines. As private as the most private of what it quotes.

    A session may have two: the one that all may read quotes nothing private; its author's own quotes all. A
    summary is stale when `version`, the fingerprint of its sources, is not the present one. Hash, search vector
    and status are kept by triggers, which also delete it with the memories that it quotes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=SummaryKind)
    subject = models.CharField(max_length=36, help_text="Id of the session or project, uid of the code.")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="+")
    code_object = models.ForeignKey(CodeObject, on_delete=models.CASCADE, null=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    name = models.CharField(max_length=2048, blank=True, help_text="Of the code or project.")
    path = models.CharField(max_length=1024, blank=True, help_text="Of the code's file.")
    content = models.TextField(blank=True)
    lines = models.JSONField(default=list, help_text="[{label, text, memoryIds}], which make up the text.")
    method = models.CharField(max_length=12, choices=SummaryMethod, default=SummaryMethod.EXTRACTIVE)
    model = models.CharField(max_length=128, blank=True, help_text="That wrote it.")
    reason = models.CharField(max_length=64, blank=True, help_text="Why a model was wanted and did not write it.")
    version = models.CharField(max_length=64, help_text="Fingerprint of the sources.")
    moment = models.DateTimeField(default=timezone.now, help_text="When the newest that it tells happened.")
    generated_at = models.DateTimeField(default=timezone.now, editable=False)
    content_hash = models.CharField(max_length=64, default="", editable=False)
    processing_status = models.CharField(
        max_length=16, choices=ProcessingStatus, default=ProcessingStatus.PENDING, editable=False
    )
    search = SearchVectorField(null=True, editable=False)
    same_text = make_same_text_field()

    is_stale = False
    """Whether its sources have changed; told by `processing.summaries.selecting`."""

    class Meta:
        ordering = ("-generated_at", "-id")
        verbose_name_plural = "summaries"
        constraints = [
            models.UniqueConstraint(fields=("workspace", "kind", "subject", "visibility"), name="summary_once")
        ]
        indexes = [
            GinIndex(fields=("workspace", "search"), name="summary_search"),
            models.Index(fields=("workspace", "content_hash"), name="summary_content"),
            models.Index(fields=("workspace", "-generated_at", "-id"), name="summary_newest"),
            models.Index(fields=("project", "kind", "-moment"), name="summary_of_project"),
        ]

    def __str__(self) -> str:
        return self.content[:80] or f"{self.kind} {self.subject}"


class SummarySource(models.Model):
    """A memory whose words are in a summary: when it goes, so do they."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="sources")
    memory_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("summary", "memory_id"), name="summary_source_once")]
        indexes = [models.Index(fields=("memory_id",), name="summary_of_memory")]

    def __str__(self) -> str:
        return str(self.memory_id)


class SummarySpending(models.Model):
    """The tokens that a workspace's summaries cost in a month (of UTC): billed, or set aside for a call."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    month = models.DateField(help_text="Its first day.")
    tokens = models.BigIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "summary spendings"
        constraints = [models.UniqueConstraint(fields=("workspace", "month"), name="summary_spending_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.tokens} tokens"


class SummaryQueue(QueueItem):
    """A subject whose summaries are to be made, or made again. One row of it waits at a time."""

    kind = models.CharField(max_length=8, choices=SummaryKind)
    subject = models.CharField(max_length=36)
    forced = models.BooleanField(default=False, help_text="Although nothing changed.")

    class Meta(QueueItem.Meta):
        db_table = "summary_queue"
        verbose_name = "summary queue row"
        indexes = [
            *QueueItem.Meta.indexes,
            models.Index(
                fields=("workspace", "kind", "subject", "-id"),
                condition=~Q(status=Status.COMPLETED),
                name="summary_queue_asked",
            ),
        ]
