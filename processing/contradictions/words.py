"""The words that the rules know. English only."""

from __future__ import annotations

from collections.abc import Mapping


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


UNSAID = _set(
    "a about again all already also always an and any anymore are as at be been being best between both by"
    " can did do does each either every for from had has have he her here his how i in into is it it's its"
    " just let may me more most much must my now of on only or other our own per please quite really same she"
    " should so still such than that that's the their them then these they thing this those to too up us very"
    " was way we we're were what where which who will with yet you your"
)
"""Words that tell nothing of what a statement is about."""

WEAK = _set("be come fit get give go hold keep last live long make need put run set stay take time use want well")
"""Verbs that many things share: alone they do not tell two statements apart."""

NEGATORS = _set("cannot neither never no nor not nothing without")
"""`n't` counts too."""

BREAKS = _set("although because but instead rather so though whereas while")
"""What negation does not reach beyond."""

HEDGES = _set(
    "apparently assume could guess hopefully if maybe might perhaps planning plans probably suppose suspect"
    " think unless unsure when whenever whether wonder would"
)
"""A statement with one of these claims nothing, or only sometimes."""

MEASURED = _set(
    "added ago counted currently deleted failed failing fixed found imported left measured pass passed"
    " passes passing ran remaining removed spent there today took went wrote yesterday"
)
"""Numbers beside these are of one moment and not of the thing."""

ORDINAL = _set(
    "appendix attempt bug case chapter commit day draft example figure group issue item level line milestone"
    " number option page paragraph part phase pr question release request-id revision round row rule section"
    " slide sprint stage step table task test ticket try version week"
)
"""What is numbered to tell one from another: step 1 and step 2 are two steps."""

MONTHS = _set(
    "apr april aug august dec december feb february jan january jul july jun june mar march may nov november"
    " oct october sep september"
)

UNITS: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), ("s", 0.001)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("s", 1.0)),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), ("s", 60.0)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ("s", 3_600.0)),
    **dict.fromkeys(("day", "days"), ("s", 86_400.0)),
    **dict.fromkeys(("week", "weeks"), ("s", 604_800.0)),
    **dict.fromkeys(("kb", "kib"), ("byte", 1e3)),
    **dict.fromkeys(("mb", "mib"), ("byte", 1e6)),
    **dict.fromkeys(("gb", "gib"), ("byte", 1e9)),
    "%": ("%", 1.0),
    "percent": ("%", 1.0),
}
"""What a unit measures, and how much of it one is."""

_POLAR = (
    "enabled/disabled enable/disable enables/disables allowed/forbidden allow/forbid allows/forbids allowed/banned"
    " allows/disallows required/optional mandatory/optional includes/excludes include/exclude included/excluded"
    " respects/ignores honours/ignores safe/unsafe before/after works/fails supported/unsupported valid/invalid"
    " visible/hidden sorted/unsorted"
)
_STATES = (
    "open/closed open/resolved reopened/closed unresolved/resolved merged/unmerged fixed/broken"
    " deployed/rolledback deployed/reverted released/withdrawn running/stopped running/paused deprecated/removed"
    " approved/rejected blocked/unblocked finished/unfinished online/offline up-to-date/outdated"
)
STATE_HEADS = _set("approve close deploy do finish fix merge open release resolve ship start")
"""Stems of what a thing is or is not yet."""

IRREGULAR: Mapping[str, str] = {
    "kept": "keep",
    "held": "hold",
    "ran": "run",
    "used": "use",
    "requires": "required",
    "require": "required",
    "done": "do",
    "lost": "lose",
    "broke": "broken",
    "breaks": "broken",
}


def _pair(text: str) -> dict[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for pair in text.split():
        good, bad = pair.split("/")
        canonical = known.get(good, known.get(bad, (good, 1)))[0]
        known.setdefault(good, (canonical, 1))
        known.setdefault(bad, (canonical, -1))
    return known


OPPOSITES: Mapping[str, tuple[str, int]] = {**_pair(_POLAR), **_pair(_STATES)}
"""What stands for both words of a pair, and the side on which one is."""
OPPOSITE_STATES = frozenset(canonical for canonical, _ in _pair(_STATES).values())


def stem(word: str) -> str:
    """Return a word without its ending, as far as that is needed to know it again."""
    word = IRREGULAR.get(word, word)
    word = OPPOSITES.get(word, (word, 0))[0]
    for ending, instead in (("'s", ""), ("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + instead
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
