"""A model served by Ollama on this machine."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from integrations.models.backend import USUAL, ChatMessage, ModelError, Note, Wanted, silent

CONTEXT = 8192
"""Tokens of context; Ollama's own default is smaller than a findings prompt."""


class Ollama:
    """One model by its Ollama name, such as ``qwen3:4b``."""

    def __init__(self, model: str, address: str = "http://127.0.0.1:11434") -> None:
        self.name = f"ollama:{model}"
        self.context = CONTEXT
        self._model = model
        self._address = address

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        """See `ModelBackend.chat`."""
        from httpx import HTTPError
        from langchain_ollama import ChatOllama
        from ollama import ResponseError

        model = ChatOllama(model=self._model, base_url=self._address, num_ctx=CONTEXT, num_predict=wanted.max_tokens)
        try:
            async for chunk in model.astream([(message.role, message.content) for message in messages]):
                if text := chunk.text:
                    yield text
        except ResponseError as error:
            raise ModelError(
                f"Ollama cannot run {self._model}: {error.error}. Try: ollama pull {self._model}"
            ) from error
        except (HTTPError, ConnectionError) as error:
            raise ModelError("Ollama does not answer on this machine. Start it with: ollama serve") from error

    async def close(self) -> None:
        """Nothing stays open between answers."""
