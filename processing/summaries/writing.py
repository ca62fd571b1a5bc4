"""A language model writes a summary: each request passes the guard, and the workspace's monthly budget.

A long subject is read in pieces whose summaries are summed up in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from processing.embedding.config import EmbeddingSettings
from processing.embedding.factory import make_guard
from processing.embedding.guard import Guard
from processing.embedding.openai_chat import ChatAnswer, OpenAIChat, count_tokens
from processing.models import SummaryMethod
from processing.summaries.drafts import Draft, Line, Passage, Text
from processing.summaries.prompting import ANSWER_FORMAT, build_messages, cut_pieces, list_facts, read_summary
from processing.summaries.spending import spend
from supastate.errors import PermanentError

MOST_ANSWER_TOKENS = 800


class Writer:
    """Writes for one workspace. Refused inside its transaction, as it waits for a server."""

    def __init__(self, chat: OpenAIChat, guard: Guard, workspace_id: UUID) -> None:
        self._chat = chat
        self._guard = guard
        self._workspace_id = workspace_id

    def write(self, draft: Draft) -> Text:
        """Return a model's text of a draft's passages.

        Raises TransientError when it should be tried again, PermanentError when not: `budget_spent`,
        `provider_rejected_input`, `provider_bad_answer`.
        """
        facts, pieces = list_facts(draft), cut_pieces(draft.passages)
        parts = [self._ask(facts if len(pieces) == 1 else (), piece) for piece in pieces]
        told = parts[0] if len(parts) == 1 else self._ask(facts, [Passage("summary", part) for part in parts])
        line = Line("summary", told, sorted(draft.memory_ids))
        return Text([line], SummaryMethod.LLM, model=f"openai/{self._chat.model}")

    def _ask(self, facts: Sequence[Line], passages: Sequence[Passage]) -> str:
        messages = build_messages(facts, passages)
        tokens = count_tokens(messages, most_tokens=MOST_ANSWER_TOKENS)

        def send() -> ChatAnswer:
            return self._chat.ask(
                messages, answer_format=ANSWER_FORMAT, most_tokens=MOST_ANSWER_TOKENS, temperature=0
            )

        answer = spend(
            lambda: self._guard.call(send, tokens=tokens), tokens=tokens, workspace_id=self._workspace_id
        )
        told = read_summary(answer.content) if answer.is_whole else ""
        if not told:
            # Not asked again: the answer was paid for, and another would be no better at temperature 0.
            raise PermanentError("The model answered with no summary.", code="provider_bad_answer")
        return told


@dataclass(frozen=True, slots=True)
class WriterSource:
    """The model of this process: one connection, budget and breaker for all workspaces."""

    chat: OpenAIChat
    guard: Guard

    def for_workspace(self, workspace_id: UUID) -> Writer:
        """Return a writer whose use is charged to one workspace."""
        return Writer(self.chat, self.guard.for_workspace(workspace_id), workspace_id)

    def close(self) -> None:
        """Close the connections."""
        self.chat.close()


def make_writers(settings: EmbeddingSettings, *, model: str) -> WriterSource:
    """Return writers at the server and with the key that embed, with a budget and a breaker of their own."""
    scope = f"summaries\0{model}"
    guard = make_guard(settings, budget=scope, breaker=scope)
    chat = OpenAIChat(
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        model=model,
        seconds=settings.request_timeout_seconds,
    )
    return WriterSource(chat, guard)
