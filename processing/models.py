"""Memories and code objects with their vectors, the links between them, and the patterns found in them.

`content_hash`, `search`, `processing_status` of a memory or code object and the row that asks for its
embedding are kept by triggers (migration `0002_triggers`), so that a change by API, Studio or SQL is the same.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from pgvector.django import VectorField

from supastate.queueing.models import QueueItem
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Project, User, Visibility, Workspace


class ProcessingStatus(models.TextChoices):
    """Where a text is on its way to being found by meaning."""

    PENDING = "pending"
    EMBEDDED = "embedded"
    FAILED = "failed"


class SubjectKind(models.TextChoices):
    """What a vector stands for."""

    MEMORY = "memory"
    CODE = "code"


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

    class Meta:
        ordering = ("-ended_at",)
        constraints = [models.UniqueConstraint(fields=("workspace", "key", "author"), name="session_once")]

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
    metadata = models.JSONField(default=dict, blank=True)
    file_paths = ArrayField(models.CharField(max_length=1024), default=list, blank=True)
    tool = models.JSONField(null=True, blank=True, help_text="Name, command, files and success of a tool call.")
    occurred_at = models.DateTimeField(default=timezone.now, help_text="When it happened.")
    created_at = models.DateTimeField(default=timezone.now, editable=False, help_text="When it arrived.")
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    batch_id = models.UUIDField(null=True, editable=False)
    source_id = models.UUIDField(null=True, editable=False, help_text="The queue row it came from.")
    source_line = models.PositiveIntegerField(null=True, editable=False)
    part_no = models.PositiveSmallIntegerField(default=0, editable=False)
    content_hash = models.CharField(max_length=64, default="", editable=False)
    processing_status = models.CharField(
        max_length=16, choices=ProcessingStatus, default=ProcessingStatus.PENDING, editable=False
    )
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ("-occurred_at", "-id")
        verbose_name_plural = "memories"
        constraints = [models.UniqueConstraint(fields=("source_id", "part_no"), name="memory_of_source_once")]
        indexes = [
            GinIndex(fields=("search",), name="memory_search"),
            models.Index(fields=("workspace", "-occurred_at", "-id"), name="memory_newest"),
            models.Index(fields=("workspace", "content_hash"), name="memory_content"),
            models.Index(fields=("session", "occurred_at"), name="memory_of_session"),
            GinIndex(fields=("file_paths",), name="memory_files"),
        ]

    def __str__(self) -> str:
        return self.content[:80]


class CodeFile(models.Model):
    """A project's current version of a path."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    path = models.CharField(max_length=1024)
    revision = models.BigIntegerField()
    blob_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=64, blank=True)
    marks = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    lines = models.PositiveIntegerField(default=0)
    last_modified = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("path",)
        constraints = [models.UniqueConstraint(fields=("project", "path"), name="code_file_once")]

    def __str__(self) -> str:
        return self.path


class CodeObject(models.Model):
    """A definition in a file, or what of a file stands outside its definitions; the unit of code search."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(CodeFile, on_delete=models.CASCADE, related_name="objects_in_file")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    uid = models.CharField(max_length=32, help_text="The same as the node's in the graph.")
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=512)
    qualified_name = models.CharField(max_length=2048)
    signature = models.TextField(blank=True)
    docstring = models.TextField(blank=True)
    start_line = models.PositiveIntegerField()
    end_line = models.PositiveIntegerField()
    content = models.TextField(help_text="The source text.")
    batch_id = models.UUIDField(null=True, editable=False)
    content_hash = models.CharField(max_length=64, default="", editable=False)
    processing_status = models.CharField(
        max_length=16, choices=ProcessingStatus, default=ProcessingStatus.PENDING, editable=False
    )
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ("qualified_name",)
        constraints = [models.UniqueConstraint(fields=("workspace", "uid"), name="code_object_once")]
        indexes = [
            GinIndex(fields=("search",), name="code_object_search"),
            models.Index(fields=("workspace", "content_hash"), name="code_object_content"),
            models.Index(fields=("project", "name"), name="code_object_name"),
        ]

    def __str__(self) -> str:
        return self.qualified_name


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

    class Meta(QueueItem.Meta):
        db_table = "link_queue"
        verbose_name = "link queue row"


class CodeReference(models.Model):
    """A path or name that a memory speaks of, whether or not the code has arrived."""

    class Kind(models.TextChoices):
        PATH = "path"
        NAME = "name"

    class How(models.TextChoices):
        TOOL_EDIT = "tool_edit"
        TOOL_READ = "tool_read"
        EXACT_PATH = "exact_path"
        QUALIFIED_NAME = "qualified_name"
        IDENTIFIER = "identifier"

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

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    memory = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="links")
    code_object = models.ForeignKey(CodeObject, on_delete=models.CASCADE, related_name="links")
    edge = models.CharField(max_length=16, choices=Edge)
    how = models.CharField(max_length=16, choices=CodeReference.How)
    confidence = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("memory", "code_object", "how"), name="memory_link_once")]

    def __str__(self) -> str:
        return f"{self.edge} {self.how} {self.confidence:.2f}"


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
