"""How near vectors must be to link a memory to code, and how sure that is: measured, for each model by itself.

docs/decisions.md tells on what, and with what result.
"""

from __future__ import annotations

from dataclasses import dataclass

from processing.embedding.local import LocalProvider
from processing.providers import ModelSpec

FEWEST_WORDS = 4
MOST_LINKS = 3
# The best that nearness alone may claim, so that even a name which few definitions share says more.
TRUST = 0.5


@dataclass(frozen=True, slots=True)
class Calibration:
    """The cosine similarities from which on a link is right four times in five, and nine times in ten."""

    least: float
    surer: float

    def confidence(self, similarity: float) -> float:
        """Return TRUST times the measured precision: 0.8 at `least`, 0.9 from `surer` on, between them a line."""
        share = min(1.0, (similarity - self.least) / (self.surer - self.least))
        return TRUST * (0.8 + 0.1 * share)


_CALIBRATIONS = {LocalProvider.model: Calibration(least=0.70, surer=0.75)}


def calibration_of(spec: ModelSpec) -> Calibration | None:
    """Return what was measured of a model; of others nobody knows what near is, and their vectors link nothing."""
    return _CALIBRATIONS.get(spec.name)
