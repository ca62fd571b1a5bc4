"""What recurs, with its evidence; how far detection has read; the queue of its jobs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from pgvector.django import BitField, HnswIndex

from processing.models.memories import Memory
from supastate.queueing.models import QueueItem
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Project, User, Visibility, Workspace

SIGNATURE_BITS = 1_024
CONTRADICTIONS = "contradictions"


class PatternType(models.TextChoices):
    """What kinds of pattern are detected."""

    DEBUGGING = "debugging"
    LEARNING = "learning"
    REFACTORING = "refactoring"
    TEMPORAL = "temporal"
    SEMANTIC = "semantic"
    MEMORY_CODE = "memory_code"


class PatternSubtype(models.TextChoices):
    """What of its type a pattern is."""

    FIX = "fix", "Debugging: an error and the edit that mended it"
    FAILING_COMMAND = "failing_command", "Debugging: a command that fails session after session"
    STUDY = "study", "Learning: asking and reading without an edit"
    RENAME = "rename", "Refactoring: a name that became another"
    MOVE = "move", "Refactoring: code that went to another file"
    BURST = "burst", "Temporal: many prompts in little time"
    RHYTHM = "rhythm", "Temporal: the same time of the week"
    TOPIC = "topic", "Semantic: the same thing said again"
    RECURRING_FILE = "recurring_file", "Memory and code: a file that comes up again"
    CHANGED_TOGETHER = "changed_together", "Memory and code: files that are edited together"


class PatternScope(models.TextChoices):
    """Whose pattern it is: one author's, several authors' in one project, or several projects'."""

    PERSON = "person"
    PROJECT = "project"
    TEAM = "team"


class PatternState(models.TextChoices):
    """What a person said of a pattern. Detection never changes it: dismissed stays dismissed."""

    NEW = "new"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Pattern(models.Model):
    """Something that recurs, with its evidence. A rerun over the same evidence changes nothing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    type = models.CharField(max_length=16, choices=PatternType)
    subtype = models.CharField(max_length=24, choices=PatternSubtype)
    scope = models.CharField(max_length=8, choices=PatternScope, default=PatternScope.PERSON)
    state = models.CharField(max_length=12, choices=PatternState, default=PatternState.NEW)
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
    """One time that a pattern was seen, with the memories that show it. As private as its pattern."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="occurrences")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    key = models.CharField(max_length=64, editable=False)
    started_at = models.DateTimeField(help_text="When its first evidence happened.")
    occurred_at = models.DateTimeField()
    summary = models.CharField(max_length=300, blank=True)
    memory_ids = ArrayField(models.UUIDField())
    uids = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    spans = models.JSONField(
        default=list, blank=True, help_text="[memory id, first character, past the last] of what shows it."
    )
    signatures = ArrayField(
        models.CharField(max_length=64), default=list, blank=True, help_text="Of the errors that were mended."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=("pattern", "key"), name="pattern_occurrence_once")]
        indexes = [
            models.Index(fields=("pattern", "occurred_at"), name="pattern_occurrence_times"),
            GinIndex(fields=("signatures",), name="pattern_occurrence_errors"),
            GinIndex(fields=("memory_ids",), name="pattern_occurrence_memories"),
        ]

    def __str__(self) -> str:
        return self.key


class TopicLeader(models.Model):
    """The first that was said of a topic: what comes later joins the leader that it means nearly the same as.

    `signature` stands for the vector of `model`: two vectors at an angle differ in as many bits as the angle has
    of a half turn (Charikar 2002), so an index finds the few leaders whose vectors are worth comparing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    memory = models.OneToOneField(Memory, on_delete=models.CASCADE, related_name="+")
    model = models.CharField(max_length=128)
    signature = BitField(length=SIGNATURE_BITS)

    class Meta:
        indexes = [
            models.Index(fields=("workspace", "model"), name="topic_leader_models"),
            HnswIndex(fields=("signature",), opclasses=("bit_hamming_ops",), name="topic_leader_nearest"),
        ]

    def __str__(self) -> str:
        return str(self.memory_id)


class PatternCheckpoint(models.Model):
    """How far detection has read, for a type of patterns or for contradictions: what is read is not read again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    type = models.CharField(max_length=16, choices=[*PatternType.choices, (CONTRADICTIONS, "Contradictions")])
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
