"""How strong memories are, who used them when, and which are used together."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from processing.models.memories import Memory
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import User, Workspace


class Layer(models.TextChoices):
    """Where a memory is between fresh and forgotten."""

    WORKING = "working"
    CORE = "core"
    ARCHIVE = "archive"


class MemoryStrength(models.Model):
    """The two traces of a memory as of its last consolidation. A memory without a row is as fresh as its defaults.

    Beside the memory and not in it: a cycle rewrites these narrow rows, not texts and their indexes.
    """

    memory = models.OneToOneField(Memory, on_delete=models.CASCADE, primary_key=True, related_name="strength")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    working = models.FloatField(default=1.0, help_text="The quick trace, 0 to 1: a use restores it.")
    core = models.FloatField(default=0.0, help_text="The slow trace: what the quick one left behind.")
    layer = models.CharField(max_length=8, choices=Layer, default=Layer.WORKING)
    access_count = models.PositiveIntegerField(default=0)
    last_accessed_at = models.DateTimeField(null=True, blank=True)
    consolidations = models.PositiveIntegerField(default=0)
    consolidated_at = models.DateTimeField(null=True, blank=True)
    pinned = models.BooleanField(default=False, help_text="Stays in the core and does not fade.")

    class Meta:
        verbose_name_plural = "memory strengths"

    def __str__(self) -> str:
        return f"{self.layer} {self.working:.2f} + {self.core:.2f}"


class MemoryAccess(models.Model):
    """That somebody was given a memory: by its id, or as one of a search's or context's answers."""

    class Way(models.TextChoices):
        READ = "read"
        SEARCH = "search"
        CONTEXT = "context"
        RESTORE = "restore"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    memory = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="+")
    reader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=8, choices=Way)
    accessed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "memory accesses"
        indexes = [
            models.Index(fields=("memory", "accessed_at"), name="access_of_memory"),
            models.Index(fields=("memory", "accessed_at"), condition=Q(way="read"), name="access_by_id"),
            models.Index(fields=("workspace", "reader", "accessed_at"), name="access_of_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.accessed_at:%Y-%m-%d %H:%M}"


class MemoryAssociation(models.Model):
    """Two memories that are used together: from the third time on a link, which fades unless it is renewed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="+")
    count = models.PositiveIntegerField(default=0)
    strength = models.FloatField(default=0.0, help_text="0: not linked yet.")
    last_together_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("first", "second"), name="association_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="association_in_order"),
        ]
        indexes = [models.Index(fields=("second",), name="association_of_second")]

    def __str__(self) -> str:
        return f"{self.count} times, {self.strength:.2f}"


class Consolidation(models.Model):
    """How far a workspace's current cycle is; it ages all memories to one moment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    moment = models.DateTimeField()
    associated_until = models.DateTimeField(null=True, blank=True)
    last_memory_id = models.UUIDField()
    memories = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.moment:%Y-%m-%d %H:%M}"
