"""A model behind any server that speaks OpenAI's chat protocol: llama-server, vLLM, LM Studio and others.

Protocol: POST {address}/chat/completions with ``stream``; the answer is server-sent events, each line ``data: {…}``,
the last one ``data: [DONE]``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence

import httpx

from integrations.models.backend import USUAL, ChatMessage, ModelError, Note, Wanted, silent

TIMEOUT = httpx.Timeout(60.0, connect=5.0)


class OpenAICompatible:
    """One model on one server. The address is the user's own setting, so it needs no further permission."""

    def __init__(self, address: str, model: str) -> None:
        self.name = f"{model or 'model'} at {httpx.URL(address).host}"
        self.context = 8192
        self._model = model or "default"
        self._client = httpx.AsyncClient(base_url=address.rstrip("/"), timeout=TIMEOUT, trust_env=False)

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        """See `ModelBackend.chat`."""
        body = {
            "model": self._model,
            "stream": True,
            "max_tokens": wanted.max_tokens,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
        }
        try:
            async with self._client.stream("POST", "/chat/completions", json=body) as response:
                if response.status_code != httpx.codes.OK:
                    raise ModelError(
                        f"The model's server answered {response.status_code}; check its log and its model."
                    )
                async for line in response.aiter_lines():
                    if not line.startswith("data:"):
                        continue
                    data = line.removeprefix("data:").strip()
                    if data == "[DONE]":
                        return
                    for choice in json.loads(data).get("choices", ()):
                        if text := choice.get("delta", {}).get("content"):
                            yield text
        except httpx.HTTPError as error:
            raise ModelError("The model's server does not answer; check that it runs and its address.") from error
        except json.JSONDecodeError as error:
            raise ModelError(
                "The model's server sent something that is not its protocol; check its address."
            ) from error

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
