"""The rankings that are compared: what is served, each half alone, and one choice changed at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from supastate.search.model import Kind
from supastate.search.ranking import RANKING_OF_KIND, Ranking

_BOOSTS = ("speaker_boost", "recency_boost", "turn_boost", "link_boost", "activation_boost")
_NO_BOOSTS = dict.fromkeys(_BOOSTS, 0.0)


def list_main(kind: Kind) -> Iterator[tuple[str, Ranking]]:
    """Yield what the aims are about."""
    served = RANKING_OF_KIND[kind]
    yield "vector only", replace(served, vector_weight=1.0, text_weight=0.0, **_NO_BOOSTS)
    yield "text only", replace(served, vector_weight=0.0, text_weight=1.0, **_NO_BOOSTS)
    yield "hybrid, as served", served


def list_ablations(kind: Kind) -> Iterator[tuple[str, Ranking]]:
    """Yield the served ranking with one choice changed."""
    served = RANKING_OF_KIND[kind]
    yield "without boosts", replace(served, **_NO_BOOSTS)
    yield "without collapsing", replace(served, collapses=False)
    yield "without collapsing by vectors", replace(served, alike_from=2.0)
    for share in (0.25, 0.4, 0.5, 0.6, 0.75, 0.85):
        yield f"vector {share:g}, text {1 - share:g}", replace(served, vector_weight=share, text_weight=1 - share)
    for offset in (1, 5, 10, 20, 60):
        yield f"rank offset {offset}", replace(served, rank_offset=offset)
    for power in (0.0, 0.4, 0.6, 0.8):
        yield f"text / length^{power:g}", replace(served, length_power=power)
    if kind == Kind.CODE:
        for weights in ((1.0, 1.0, 1.0, 1.0), (0.4, 0.4, 0.8, 1.0), (0.2, 0.2, 0.6, 1.0)):
            yield f"body {weights[0]:g}, descriptions {weights[2]:g}", replace(served, field_weights=weights)
        return
    for boost in (0.1, 0.2, 0.3, 0.5):
        yield f"speaker {boost:g}", replace(served, speaker_boost=boost)
    for boost in (0.0, 0.05, 0.2):
        yield f"recency {boost:g}", replace(served, recency_boost=boost)
    for boost in (0.0, 0.1, 0.2, 0.3, 0.4):
        yield f"turns {boost:g}", replace(served, turn_boost=boost)
