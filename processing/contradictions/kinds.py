"""What two memories can disagree in."""

from __future__ import annotations

from django.db import models


class ContradictionKind(models.TextChoices):
    """What two memories disagree in."""

    POLARITY = "polarity", "One says it is so, the other that it is not"
    NUMBER = "number", "Another number of the same thing"
    STATE = "state", "Another state of the same thing"
