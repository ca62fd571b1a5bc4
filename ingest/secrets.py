"""Masking of secrets in what clients send, before anything is stored.

Only patterns that are a secret beyond reasonable doubt: a key format with a prefix of its own, a private key
block, a credential in a header or URL. Git hashes, uuids and base64 in general are left alone. What was
masked is counted, never kept: `[masked:github_token]` stands in its place, and is not masked again.

Every pattern runs in linear time: it starts at a literal that cannot start again inside its own match (the
look-behind), and no two neighbouring repetitions share a character. Each is tried only if one of its
needles is in the text, since searching for a needle is far faster than trying the pattern everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

# A new line written as `\n` (JSON inside a text) starts a word too.
_START = r"(?:(?<![\w-])|(?<=\\[nrt]))"
_HAS_DIGIT = r"(?=[\w-]*\d)"


@dataclass(frozen=True, slots=True)
class _Rule:
    """Masks the group `secret` of `pattern`; tried only on text that has one of `needles`."""

    name: str
    needles: tuple[str, ...]
    pattern: re.Pattern[str]


def _rule(name: str, needles: str, pattern: str) -> _Rule:
    return _Rule(name, tuple(needles.split(" ")), re.compile(pattern))


_PRIVATE_KEY = (
    r"(?P<secret>-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    # A whole block ends at its END line; a block cut off by `head` is masked as far as it looks like base64.
    r"(?:(?:[^-]|-(?!----))*+-----END [A-Z0-9 ]{0,60}-----"
    r"|(?:\\[rn]|\s)*+(?:[A-Za-z0-9+/=]{40,}+(?:\\[rn]|\s)*+)++))"
)

_RULES = (
    _Rule("private_key", ("PRIVATE KEY",), re.compile(_PRIVATE_KEY)),
    _rule("supastate_key", "sup_", _START + r"(?P<secret>sup_[a-z]{1,20}_[A-Za-z0-9]{4,32}_[\w-]{32,})"),
    _rule("api_key", "sk-", _START + rf"(?P<secret>sk-{_HAS_DIGIT}[\w-]{{20,}})"),
    _rule("github_token", "ghp_ gho_ ghu_ ghs_ ghr_", _START + r"(?P<secret>gh[opusr]_[A-Za-z0-9]{36,})"),
    _rule("github_token", "github_pat_", _START + r"(?P<secret>github_pat_\w{22,})"),
    _rule("gitlab_token", "glpat-", _START + r"(?P<secret>glpat-[\w-]{20,})"),
    _rule("aws_key_id", "AKIA ASIA", _START + r"(?P<secret>A[KS]IA[A-Z0-9]{16})(?![\w-])"),
    _rule(
        "aws_secret",
        "secret_access_key SECRET_ACCESS_KEY SecretAccessKey",
        r"(?i:secret_?access_?key)[\"']?\s{0,5}[=:]\s{0,5}[\"']?(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])",
    ),
    _rule("slack_token", "xox", _START + r"(?P<secret>xox[abeoprs]-[A-Za-z0-9-]{10,})"),
    _rule("slack_webhook", "hooks.slack.com/services/", r"hooks\.slack\.com/services/(?P<secret>[\w/]{20,})"),
    _rule("google_key", "AIza", _START + r"(?P<secret>AIza[\w-]{35})(?![\w-])"),
    _rule(
        "stripe_key",
        "sk_live_ sk_test_ rk_live_ rk_test_",
        _START + r"(?P<secret>[sr]k_(?:live|test)_[A-Za-z0-9]{16,})",
    ),
    _rule("npm_token", "npm_", _START + r"(?P<secret>npm_[A-Za-z0-9]{36})(?![\w-])"),
    _rule("pypi_token", "pypi-AgE", _START + r"(?P<secret>pypi-AgE[\w-]{50,})"),
    _rule("hugging_face_token", "hf_", _START + r"(?P<secret>hf_[A-Za-z0-9]{34,})"),
    _rule("json_web_token", "eyJ", _START + r"(?P<secret>eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,})"),
    _rule(
        "authorization",
        "uthorization UTHORIZATION",
        r"(?i:authorization)[\"']?\s{0,5}[:=]\s{0,5}[\"']?(?i:bearer|basic|token)\s{1,5}"
        r"(?P<secret>[\w.~+/-]{8,}={0,2})",
    ),
    _rule(
        "bearer_token",
        "earer EARER",
        r"\b(?i:bearer)\s{1,5}(?=[\w.~+/-]*\d)(?P<secret>[\w.~+/-]{20,}={0,2})",
    ),
    # A password that starts like a variable or a placeholder is none; nor is what is already masked.
    _rule(
        "url_password",
        "://",
        r"://[^\s:/@\"'<>]{0,128}:(?P<secret>[^\s@/\"'<>\[{$*%][^\s@/\"'<>]{0,255})(?=@)",
    ),
)


def mask_secrets(text: str) -> tuple[str, int]:
    """Replace each secret in `text` by `[masked:<what it was>]`; also give how many there were."""
    return _mask_text(text, _rules_for(text))


def mask_json(value: Any) -> tuple[Any, int]:
    """Mask every text inside a decoded JSON value (not the keys of objects), in a copy."""
    rules = _rules_for("\n".join(_texts_of(value)))
    return _mask_value(value, rules) if rules else (value, 0)


def _rules_for(text: str) -> tuple[_Rule, ...]:
    return tuple(rule for rule in _RULES if any(needle in text for needle in rule.needles))


def _texts_of(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)


def _mask_value(value: Any, rules: Sequence[_Rule]) -> tuple[Any, int]:
    if isinstance(value, str):
        return _mask_text(value, rules)
    if isinstance(value, dict):
        masked = {key: _mask_value(child, rules) for key, child in value.items()}
        return {key: child for key, (child, _) in masked.items()}, sum(count for _, count in masked.values())
    if isinstance(value, list):
        items = [_mask_value(child, rules) for child in value]
        return [child for child, _ in items], sum(count for _, count in items)
    return value, 0


def _mask_text(text: str, rules: Sequence[_Rule]) -> tuple[str, int]:
    count = 0
    for rule in rules:
        text, masked = rule.pattern.subn(_replacement(rule.name), text)
        count += masked
    return text, count


def _replacement(name: str) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        whole, start = match.group(), match.start()
        secret_start, secret_end = match.span("secret")
        return f"{whole[: secret_start - start]}[masked:{name}]{whole[secret_end - start :]}"

    return replace
