"""What a workspace wants forgotten and erased, and what was."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from supastate.workspaces.ids import new_id
from supastate.workspaces.models import User, Workspace


class ForgettingPolicy(models.Model):
    """When memories are forgotten and erased; without a row, or where it is empty, never."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    forget_after_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Archived memories that nobody touched for so many days are hidden. Empty: never.",
    )
    erase_after_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="What is forgotten for so many more days is gone for good. Empty: never.",
    )
    erase_since = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When erasing was set: its days are counted from there at the earliest.",
    )
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name_plural = "forgetting policies"

    def __str__(self) -> str:
        return f"forget after {self.forget_after_days}, erase after {self.erase_after_days} days"


class ForgettingKind(models.TextChoices):
    """What became of memories."""

    FORGOTTEN = "forgotten"
    RESTORED = "restored"
    ERASED = "erased"


class ForgettingAct(models.Model):
    """That memories were forgotten, restored or erased: by a person, or by the policy in one daily cycle."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=ForgettingKind)
    memories = models.PositiveIntegerField(default=0)
    person = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Empty: the policy."
    )
    cycle = models.DateTimeField(null=True, help_text="The moment of the daily cycle that did it.")
    policy = models.JSONField(
        null=True, encoder=DjangoJSONEncoder, help_text="As it was then: who set it, when, and its days."
    )
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-happened_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=("workspace", "kind", "cycle"), name="forgetting_once_a_cycle")
        ]
        indexes = [models.Index(fields=("workspace", "-happened_at"), name="forgetting_newest")]

    def __str__(self) -> str:
        return f"{self.memories} {self.kind}"
