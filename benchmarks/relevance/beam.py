"""BEAM: long conversations with an assistant, and questions with the messages that hold the evidence.

https://github.com/mohammadtavakoli78/BEAM, folder `chats/100K`: `<chat>/chat.json` and
`<chat>/probing_questions/probing_questions.json`. A message is a memory, a chat a project (as its owner would
search it), a batch a session. Questions without evidence (abstention) are left out, and so is the generator's mark
`->-> 1,2` at a message's end. Dates are moved so that the newest message of a chat is of today, or recency could
not be seen. Odd chats are for tuning, even ones are reported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.relevance.questions import DataSet, Question, Text

_MARK = re.compile(r"\s*->->\s*[\d,]+\s*$")


def read_memories(folder: Path) -> DataSet:
    """Read the chats below a folder; raise FileNotFoundError if there is none."""
    chats = sorted((path.parent for path in folder.glob("*/chat.json")), key=lambda chat: int(chat.name))
    if not chats:
        raise FileNotFoundError(f"There is no <chat>/chat.json in {folder}.")
    texts, tuning, reported = [], [], []
    for chat in chats:
        messages = _read_messages(chat)
        texts += messages
        (tuning if int(chat.name) % 2 else reported).extend(_read_questions(chat, {text.id for text in messages}))
    return DataSet(texts, tuning, reported)


def _read_messages(chat: Path) -> list[Text]:
    batches = json.loads((chat / "chat.json").read_text())
    found = [
        (message, f"{chat.name}-{batch['batch_number']}", moment)
        for batch in batches
        for turn in batch["turns"]
        for message, moment in _date(turn)
    ]
    newest = max((moment for _, _, moment in found if moment), default=None)
    shift = datetime.now(UTC) - newest if newest else timedelta()
    last = datetime.now(UTC)
    texts = []
    for message, session, moment in found:
        last = moment + shift if moment else last
        texts.append(
            Text(
                id=f"{chat.name}/{message['id']}",
                group=chat.name,
                content=_MARK.sub("", message["content"]),
                session=session,
                role=message["role"],
                moment=last,
            )
        )
    return texts


def _date(turn: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], datetime | None]]:
    """Give each message the date at which its turn is anchored, if any."""
    for message in turn:
        anchor = message.get("time_anchor")
        yield message, datetime.strptime(anchor, "%B-%d-%Y").replace(tzinfo=UTC) if anchor else None


def _read_questions(chat: Path, known: set[str]) -> Iterator[Question]:
    by_topic = json.loads((chat / "probing_questions" / "probing_questions.json").read_text())
    for topic, items in by_topic.items():
        for item in items:
            answers = {f"{chat.name}/{number}" for number in _list_numbers(item.get("source_chat_ids"))} & known
            if answers:
                yield Question(item["question"], chat.name, frozenset(answers), topic)


def _list_numbers(ids: Any) -> Iterator[int]:
    """List the message ids, which stand alone, in lists or in objects by what they are evidence of."""
    if isinstance(ids, int):
        yield ids
    elif isinstance(ids, list | dict):
        for item in ids.values() if isinstance(ids, dict) else ids:
            yield from _list_numbers(item)
