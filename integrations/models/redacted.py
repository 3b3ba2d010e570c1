"""A model on another machine, which never gets to see personal data.

    messages ── placeholders ──▶ model elsewhere ── its answer ── the values put back ──▶ whoever asked

What holds secrets, or matters nobody may read elsewhere, is not sent at all. Pictures are sent as they are: what is in
them cannot be replaced.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import replace

from integrations.models.backend import USUAL, ChatMessage, ModelBackend, ModelError, Note, Wanted, silent
from privacy.levels import ALLOWED, level_of
from privacy.redaction import Redaction

Names = Callable[[], Awaitable[Collection[str]]]
"""Gives the people and companies that are known."""
EXPLAINED = "Words in brackets such as [NAME_1] or [EMAIL_2] stand for real ones: use them as they are."


class Withheld(ModelError):
    """The question may not leave this machine."""

    def __init__(self, name: str) -> None:
        super().__init__(f"This holds secrets or sensitive matters, so {name} was not asked: use a model here.")


async def nobody() -> Collection[str]:
    """No names."""
    return ()


class Redacted:
    """Asks a model with personal data replaced."""

    def __init__(self, model: ModelBackend, names: Names = nobody) -> None:
        self._model = model
        self._names = names

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def context(self) -> int:
        return self._model.context

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        """Stream the answer with the values put back. Raises Withheld, and what the model raises."""
        redaction = Redaction(await self._names())
        hidden = [replace(message, content=redaction.hide(message.content)) for message in messages]
        if any(ALLOWED[level_of(message.content)].elsewhere == "never" for message in hidden):
            raise Withheld(self.name)
        if redaction.replaced:
            note(f"Hiding {redaction.replaced} names, addresses and numbers from {self.name}")
            hidden = _explained(hidden)
        async with aclosing(self._model.chat(hidden, wanted, note)) as pieces:
            async for piece in redaction.shown(pieces, _in_json if wanted.schema else str):
                yield piece

    async def close(self) -> None:
        """Close the model."""
        await self._model.close()


def _explained(messages: list[ChatMessage]) -> list[ChatMessage]:
    if messages[0].role != "system":
        return [ChatMessage("system", EXPLAINED), *messages]
    return [replace(messages[0], content=f"{messages[0].content}\n\n{EXPLAINED}"), *messages[1:]]


def _in_json(value: str) -> str:
    """A value as it may stand inside a JSON text."""
    return json.dumps(value, ensure_ascii=False)[1:-1]
