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
_FEELING = _any(
    "frustrated annoyed thrilled excited worried afraid scared relieved tired_of sick_of fed_up glad happy proud"
    " sad sorry lost stuck embarrassed ashamed exhausted burnt_out done devastated"
)
_CRY = _any("ugh argh+ wow phew yay woohoo damn oh_no oh_man wtf omg")
_COMPARED = _any(
    "overkill overrated ugly cleaner nicer better worse wiser easier misleading clunky wasteful elegant"
    r" (?:a_tad_)?too_\w+ horribl[ey] terribl[ey]"
)
_TO_DO = _any(
    "run use set call add open start stop install edit create pass export restart copy delete remove"
    " write put go press ask bump check push pull merge tag build deploy rebase wrap first reset clear"
    " copy branch drop hold plug let read feed send turn define implement register derive translate"
    " generate upload cordon wait drain select hit squash leave repeat rm sudo do get clone take"
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
    "owns? maintains? looks?_after handles? leads? manages? reviews? mentors? reports?_to knows? wrote"
    " works?_(?:on|with|for)"
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
            _phrases(
                rf"(?:{_I}(?:'m| am|'re| are)|feeling|feel) (?:so |a bit |kinda |\w+ )?(?:a bit )?{_FEELING}"
            ),
            rf"(?i)^{_CRY}\b",
            r"!!|[\x{1F600}-\x{1F64F}]",
            _phrases(
                "awesome", "made my day", "burnt out", "maddening", "embarrassing", "keeping me up", "kinda sad"
            ),
            _phrases("frustrating", "infuriating", "heartbreaking", "nightmare", "terrifying"),
            _phrases(
                rf"{_I} (?:absolutely |really )?(?:hate|love|dread)",
                "driv(?:es?|ing) (?:me|us) (?:crazy|mad|nuts)",
            ),
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
            _phrases(rf"(?:is|are|be|been|feels?|looks?|reads?|seems?|consider) (?:[\w-]+ ){{0,3}}{_COMPARED}"),
            r"(?i)^(?:always|never)\b|^(?:no|don't|do not) .*\b(?:ever|without)\b",
            _phrases(
                "not a fan of",
                "if you ask me",
                "any day",
                "i(?:'d| would) (?:want|like|consider|go for)",
                "want you to",
            ),
            r"\w > \w",
        ),
    ),
    (
        MemoryType.CAUSAL,
        (
            _phrases(
                "because",
                "bc",
                "since",
                "caused",
                "causes",
                "causing",
                "due to",
                "owing to",
                "thanks to",
                "root cause",
                "the culprit",
            ),
            _phrases(r"the (?:real )?(?:reason|problem|issue|bug|cause) (?:was|is|turned out)", "turned out that"),
            _phrases("which (?:made|makes|led|leads|breaks|broke|means|meant|leaves|left)"),
            _phrases(
                "(?:leads?|led) to",
                "results? in",
                "resulted in",
                "as a result",
                "(?:that|this|which)(?:'s| is) why",
            ),
            _phrases(
                "hence",
                "therefore",
                "consequently",
                "triggered by",
                "down to",
                "stems? from",
                "what (?:broke|made|makes|caused)",
            ),
            _phrases(
                r"(?:the )?(?:root|reason) (?:of|for|we|why|it)",
                r"so the \w+ (?:is|was|are|were|can|could|gets?|never)",
            ),
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
            rf"(?i)(?:^|[,;:?] )(?:and |then )?{_TO_DO} [^,;]{{2,80}}[,;] (?:and |then )?{_TO_DO}\b",
            _phrases(
                rf"you(?:'d)? {_TO_DO} .{{3,80}} by \w+ing",
                "goes like this",
                r"takes \w+ steps",
                "(?:this|the) recipe",
                "recipe for",
            ),
            _phrases(r"you can \w+ .{3,60} by \w+ing"),
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
            _phrases(
                "belongs? to the",
                "on call",
                "sign-off from",
                "(?:product|code) owner",
                "tech lead",
                "account manager",
                "single maintainer",
            ),
            _phrases(
                r"(?:our|their|the) (?:designer|dba|pm|contact|customer|client|vendor|contractor|architect)s?",
                "the (?:guy|person|one) to (?:ping|ask)",
                "the only (?:\\w+ )?people",
            ),
            r"\b[Aa]sk [A-Z][a-z]+\b",
        ),
    ),
    (
        MemoryType.FACTUAL,
        (
            _phrases(r"(?:is|are) (?:\w+ )?(?:\w+ed|kept|written|built|set|sent|read|optional)", _HOLDS),
            _phrases(
                "comes? from",
                "there (?:are|is)",
                "valid for",
                "starts",
                "sitting in",
                r"doesn'?t (?:talk|use|support|need|have)",
            ),
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
