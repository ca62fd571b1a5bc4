"""Pairs of memories that disagree."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from processing.contradictions.kinds import ContradictionKind
from processing.models.memories import Memory
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import User, Workspace


class ContradictionState(models.TextChoices):
    """What a person or client said of it. Detection never changes it: dismissed stays dismissed."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Contradiction(models.Model):
    """Two memories that may not both hold; `first` happened before `second`. Seen by who may see both."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(
        max_length=12, choices=ContradictionKind, blank=True, help_text="Empty: a person or client said so."
    )
    difference = models.CharField(max_length=300, blank=True, help_text="What disagrees: port 5432 / port 5433.")
    cosine = models.FloatField(null=True, help_text="How near their meanings are.")
    state = models.CharField(max_length=12, choices=ContradictionState, default=ContradictionState.SUGGESTED)
    contradicted = models.ForeignKey(
        Memory, on_delete=models.CASCADE, related_name="+", help_text="Which of the two does not hold."
    )
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(
        default=timezone.now, editable=False, help_text="When it was said, or the rules last looked at both texts."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Least("first", "second"), Greatest("first", "second"), name="contradiction_once"
            ),
            models.CheckConstraint(
                condition=Q(contradicted=models.F("first")) | Q(contradicted=models.F("second")),
                name="contradiction_of_its_own",
            ),
        ]
        indexes = [models.Index(fields=("workspace", "-id"), name="contradiction_newest")]

    def __str__(self) -> str:
        return self.difference or self.state

    @property
    def holder_id(self) -> UUID:
        """The memory of the two that holds."""
        return self.second_id if self.contradicted_id == self.first_id else self.first_id
