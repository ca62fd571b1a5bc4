"""A project's current files, and the definitions in them: the unit of code search."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Left, Lower
from django.utils import timezone

from processing.models.memories import ProcessingStatus
from processing.models.texts import make_same_text_field
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Project, User, Visibility, Workspace


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
    same_text = make_same_text_field()
    name_key = models.GeneratedField(
        expression=Left(Lower("name"), 100),
        output_field=models.CharField(max_length=100, db_collation="C"),
        db_persist=True,
        help_text="A column and no expression: only so may an index answer under row-level security.",
    )

    class Meta:
        ordering = ("qualified_name",)
        constraints = [models.UniqueConstraint(fields=("workspace", "uid"), name="code_object_once")]
        indexes = [
            GinIndex(fields=("workspace", "search"), name="code_object_search"),
            models.Index(fields=("workspace", "content_hash"), name="code_object_content"),
            models.Index(fields=("project", "name"), name="code_object_name"),
            models.Index(fields=("workspace", "name_key"), name="code_object_name_key"),
        ]

    def __str__(self) -> str:
        return self.qualified_name
