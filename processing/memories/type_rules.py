"""The rules by which a sentence tells its type: for each type what it looks for, the first that finds it wins.

All patterns are searched in one pass by RE2, in time that no text can stretch. English only. Raise RULES_VERSION
with every change: the nightly sweep then judges anew what nobody set by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import re2

from ingest.memory_types import MemoryType

RULES_VERSION = 1


def _any(words: str) -> str:
    """Return the alternatives of a list of words; `_` stands for a space."""
    return "(?:" + "|".join(word.replace("_", " ") for word in words.split()) + ")"


def _phrases(*alternatives: str) -> str:
    return rf"(?i:\b(?:{'|'.join(alternatives)})\b)"


_I = r"(?:i|we)"
_FEELING = _any("frustrated annoyed thrilled excited worried afraid scared relieved tired_of sick_of fed_up")
_COMPARED = _any("overkill overrated ugly cleaner nicer better worse too_clever too_complicated too_verbose")
_TO_DO = _any(
    "run use set call add open start stop install edit create pass export restart copy delete remove write put go"
    " press ask bump check push pull merge tag build deploy rebase wrap first"
)
_DID = _any(
    r"\w+ed ran wrote made found saw built broke went got did took began chose kept read sent set_up rewrote put"
    " spent met gave left cut"
)
_DONE = _any(
    "deployed released merged fixed added removed renamed moved reverted changed updated created deleted committed"
    " rolled_back migrated upgraded"
)
_DAY = _any("monday tuesday wednesday thursday friday saturday sunday")
_SPAN = _any("hours? days? weeks? months? years?")
_THING = _any("It This That These The There Here What Which Everything Nothing Production Staging")
_PERSON = r"(?:@\w+|[A-Z][a-z]+(?: [A-Z][a-z]+)?|(?i:the|our|my) (?:[\w-]+ ){0,2}(?:team|lead|manager|colleague))"
_DUTY = _any(
    "owns? maintains? leads? manages? reviews? mentors? reports?_to works?_(?:on|with|for) knows? wrote"
    " is_responsible_for is_on_call takes_care_of is_(?:our|my)"
    r" is_the_(?:[\w-]+_)?(?:owner|lead|maintainer|manager|contact|author|expert|reviewer)"
)
_HOLDS = _any(
    "uses? requires? supports? contains? returns? accepts? depends?_on listens?_on exposes? implements? inherits?"
    " consists?_of has have holds takes expects lives?_in runs?_on stores? expires? allows? means stands_for"
    " refers_to"
)

_RULES: Sequence[tuple[MemoryType, Sequence[str]]] = (
    (
        MemoryType.EMOTIONAL,
        (
            _phrases(rf"{_I}(?:'m| am|'re| are) (?:\w+ )?{_FEELING}"),
            _phrases("frustrating", "infuriating", "heartbreaking", "nightmare", "terrifying"),
            _phrases(rf"{_I} (?:absolutely |really )?(?:hate|love|dread)", "drives? (?:me|us) (?:crazy|mad|nuts)"),
            _phrases("so (?:happy|proud|relieved|angry|stressed)"),
        ),
    ),
    (
        MemoryType.OPINION,
        (
            _phrases(rf"{_I}(?:'d| would)? (?:\w+ )?(?:prefer|rather)", "my preference", "favou?rite"),
            _phrases(r"i (?:\w+ )?(?:think|believe|feel|find|suspect|like|dislike)", "i (?:don'?t|do not) like"),
            _phrases(
                "in my (?:opinion|view)", "imo", "imho", "to my mind", "from now on", "please (?:always|never)"
            ),
            _phrases(rf"(?:is|are|feels?|looks?|reads?) (?:\w+ )?{_COMPARED}"),
            r"(?i)^(?:always|never)\b",
        ),
    ),
    (
        MemoryType.CAUSAL,
        (
            _phrases("because", "caused", "causes", "causing", "due to", "owing to", "root cause", "the culprit"),
            _phrases(r"the (?:real )?(?:reason|problem|issue|bug|cause) (?:was|is|turned out)", "turned out that"),
            _phrases("which (?:made|makes|led|leads|breaks|broke|means|meant|leaves|left)"),
            _phrases(
                "(?:leads?|led) to",
                "results? in",
                "resulted in",
                "as a result",
                "(?:that|this|which)(?:'s| is) why",
            ),
            _phrases("hence", "therefore", "consequently"),
        ),
    ),
    (
        MemoryType.PROCEDURAL,
        (
            _phrases("how to", "in order to", "steps? to", r"first[, ].{0,80}\bthen"),
            _phrases(rf"you (?:can|need to|have to|must|should) (?:\w+ )?{_TO_DO}"),
            _phrases(
                r"(?:run|use|call|execute) (?:`[^`]{1,60}`|[\w./-]+) (?:to|before|after|when|with|for|first)"
            ),
            _phrases("make sure (?:to|you|that)", "whenever you", "every time you"),
            rf"(?i)^(?:\d+[.)]|[-*]) +{_TO_DO}\b",
            rf"(?i)^(?:to|for) .{{3,80}}(?:, |: ){_TO_DO}\b",
        ),
    ),
    (
        MemoryType.EPISODIC,
        (
            _phrases(rf"{_I}(?:'ve| have|'d| had)? (?:just |already |also |then |finally |now )?{_DID}"),
            _phrases("yesterday", "this morning", "earlier today", rf"last (?:night|week|month|year|{_DAY})"),
            _phrases(
                rf"(?:an?|one|two|three|\d+) {_SPAN} ago", rf"on {_DAY}", r"all (?:\d+ )?tests pass(?:ed| now)"
            ),
            _phrases(rf"(?:was|were|has been|have been) (?:just |already )?{_DONE}"),
            rf"(?i)^{_DONE}\b",
        ),
    ),
    (MemoryType.FACTUAL, (rf"(?:^|[\s,;]){_THING} {_DUTY}\b",)),  # else "This works with" were a person
    (
        MemoryType.RELATIONAL,
        (
            rf"(?:^|[\s,;]){_PERSON} {_DUTY}\b",
            _phrases(
                "owned by",
                "maintained by",
                "reports? to",
                "responsible for",
                "point of contact",
                "on call for",
            ),
            _phrases(r"ask (?:@\w+|the \w+ team)", "my (?:boss|manager|teammate|colleague|team lead|mentor)"),
            r"\b[Aa]sk [A-Z][a-z]+\b",
        ),
    ),
    (
        MemoryType.FACTUAL,
        (
            _phrases(r"(?:is|are) (?:\w+ )?(?:\w+ed|kept|written|built|set|sent|read|optional)", _HOLDS),
            _phrases(r"defaults? (?:to|is)", "the default", r"version \d", r"port \d", r"v\d+\.\d"),
            r"(?i)\b(?:is|are) (?:(?:a|an|the|in|at|on|not|only)\b|[\w.-]*\d|[`\"'])",
        ),
    ),
)


def find_type_of(sentence: str) -> MemoryType | None:
    """Return the type of the first rule that speaks of a sentence."""
    patterns, kinds = _compile()
    found = patterns.Match(sentence)
    return kinds[min(found)] if found else None


@cache
def _compile() -> tuple[re2.Set, Sequence[MemoryType]]:
    patterns, kinds = re2.Set.SearchSet(), []
    for kind, alternatives in _RULES:
        for pattern in alternatives:
            patterns.Add(pattern)
            kinds.append(kind)
    patterns.Compile()
    return patterns, kinds
