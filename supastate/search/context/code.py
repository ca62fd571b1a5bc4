"""Code worth reading: the files that the client named, what the search found, what the session is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from processing.models import CodeObject
from supastate.search.context.gathering import BODY_CHARACTERS, DOCSTRING_CHARACTERS, Definition, Gathered
from supastate.search.context.model import Candidate, Form
from supastate.search.context.shortening import cut_lines, cut_text
from supastate.search.searching import Hit

BODY_LIMITS = (1_500, 300)
OUTLINE_LIMITS = (600, 150)
DOCSTRING_TOKENS = 60
FILE = "file"
_BACKTICKS = re.compile(r"`{3,}")


def list_code(gathered: Gathered, hits: Sequence[tuple[int, Hit]]) -> list[Candidate]:
    """Return code in the order of its worth, which is also that of reading; each definition once.

    Outlines of the files, what the search found, what the session is about, then the rest of the files.
    """
    outlines = [_outline(path, gathered.definitions) for path in gathered.files]
    outlined = set(gathered.files)
    worth: dict[str, tuple[Definition, dict[str, Any]]] = {}
    for definition, why in _list_definitions(gathered, hits):
        worth.setdefault(definition.uid, (definition, why))
    bodies = [
        _make_candidate(definition, why, place=len(outlines) + place, is_outlined=definition.path in outlined)
        for place, (definition, why) in enumerate(worth.values())
    ]
    return [*outlines, *bodies]


def _list_definitions(
    gathered: Gathered, hits: Sequence[tuple[int, Hit]]
) -> Iterator[tuple[Definition, dict[str, Any]]]:
    for rank, hit in hits:
        if isinstance(hit.subject, CodeObject):
            why = {"reason": "search", "rank": rank, "score": round(hit.match.score, 6)}
            yield _read_definition(hit.subject), why
    for definition in gathered.linked:
        yield definition, {"reason": "linked", "confidence": round(definition.confidence or 0.0, 3)}
    order = {path: place for place, path in enumerate(gathered.files)}
    for definition in sorted(gathered.definitions, key=lambda item: order[item.path]):
        yield definition, {"reason": "file"}


def _read_definition(code: CodeObject) -> Definition:
    return Definition(
        id=code.pk,
        uid=code.uid,
        kind=code.kind,
        qualified_name=code.qualified_name,
        signature=code.signature,
        docstring=code.docstring[:DOCSTRING_CHARACTERS],
        start_line=code.start_line,
        end_line=code.end_line,
        body=code.content[:BODY_CHARACTERS],
        path=code.file.path,
        language=code.file.language,
        project_id=code.project_id,
    )


def _outline(path: str, definitions: Collection[Definition]) -> Candidate:
    """Return a file as one line for each definition: its lines, signature and the beginning of its docstring."""
    inside = [item for item in definitions if item.path == path and item.kind != FILE]
    whole = next((item for item in definitions if item.path == path and item.kind == FILE), None)
    plain = [f"{item.start_line}-{item.end_line} {_sign(item)}" for item in inside]
    told = [f"{line}{_summarise(item)}" for line, item in zip(plain, inside, strict=True)]
    forms = [Form("outline", "\n".join([path, *lines])) for lines in (told, plain)]
    shorter = [Form("shortened", cut_lines(forms[-1].text, most=most)) for most in OUTLINE_LIMITS]
    return Candidate(
        role="system",
        source={"kind": FILE, "path": path, "uid": whole.uid if whole else None},
        forms=_without_repeats([*forms, *shorter]),
        why={"reason": "file"},
        place=0,
    )


def _make_candidate(definition: Definition, why: Mapping[str, Any], *, place: int, is_outlined: bool) -> Candidate:
    heading = f"{definition.path}:{definition.start_line}-{definition.end_line} ({definition.qualified_name})"
    bodies = [cut_lines(definition.body, most=most) for most in BODY_LIMITS]
    whole = len(definition.body) < BODY_CHARACTERS
    forms = [
        Form(
            "full" if body == definition.body and whole else "shortened", f"{heading}\n{_fence(body, definition)}"
        )
        for body in bodies
        if body
    ]
    if not is_outlined or not forms:  # an outline has the signature already
        signature = f"{heading}\n{_sign(definition)}{_summarise(definition)}"
        forms.append(Form("signature", signature))
    return Candidate(
        role="system",
        source={
            "kind": "code",
            "uid": definition.uid,
            "codeKind": definition.kind,
            "qualifiedName": definition.qualified_name,
            "path": definition.path,
            "startLine": definition.start_line,
            "endLine": definition.end_line,
            "project": {"id": definition.project_id},
        },
        forms=_without_repeats(forms),
        why=why,
        place=place,
    )


def _fence(body: str, definition: Definition) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(body)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{definition.language}\n{body.rstrip()}\n{fence}"


def _sign(definition: Definition) -> str:
    return definition.signature.strip() or f"{definition.kind} {definition.qualified_name}"


def _summarise(definition: Definition) -> str:
    first = definition.docstring.strip().partition("\n")[0]
    return f" — {cut_text(first, most=DOCSTRING_TOKENS)}" if first else ""


def _without_repeats(forms: Sequence[Form]) -> tuple[Form, ...]:
    """Return forms of which each is shorter than those before it."""
    kept: list[Form] = []
    for form in forms:
        if form.text and (not kept or form.tokens < kept[-1].tokens):
            kept.append(form)
    return tuple(kept)
