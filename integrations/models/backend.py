"""What a language model must be able to do, wherever it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from config.errors import Mendable


@dataclass(frozen=True)
class ChatMessage:
    """One message of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    content: str


class ModelError(Mendable):
    """The model cannot answer. The message is one sentence that says what to do."""


class ModelBackend(Protocol):
    """A model that is open. Closing the stream returned by `chat` stops the generation."""

    name: str

    def chat(self, messages: Sequence[ChatMessage], *, max_tokens: int = 800) -> AsyncIterator[str]:
        """Stream the answer as pieces of text. Raises ModelError."""
        ...

    async def close(self) -> None: ...
