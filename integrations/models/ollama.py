"""A model served by Ollama on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from integrations.http import Ask, HttpClient
from integrations.http_errors import BadStatus, HttpError, NotSent, TimedOut, Unreadable
from integrations.http_messages import STREAM
from integrations.models.backend import (
    USUAL,
    Blind,
    Busy,
    ChatMessage,
    Gone,
    ModelError,
    Note,
    Wanted,
    data_url,
    shows,
    silent,
)
from integrations.models.deadline import Deadline
from integrations.models.llama.shown import Shown
from integrations.models.openai_compatible import ERRAND

ADDRESS = "http://127.0.0.1:11434"
CONTEXT = 8192
"""Tokens of context; Ollama's own default is smaller than a findings prompt."""
KEEP_ALIVE = "15m"
"""How long Ollama keeps the model loaded after an answer: as long as one thinks about it."""
DOWN = "Ollama does not answer on this machine. Start it with: ollama serve"
STRANGE = "What answers at Ollama's address does not speak its protocol; check the address."
LIST = Ask(seconds=2.0, retries=0, limit=STREAM.limit)


class Ollama:
    """One model by its Ollama name, such as ``qwen3:4b``."""

    def __init__(self, http: HttpClient, model: str, address: str = ADDRESS) -> None:
        self.name = f"ollama:{model}"
        self.context = CONTEXT
        self._http = http
        self._model = model
        self._address = address
        self._vision: bool | None = None
        _allow(http, address)

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        """See `ModelBackend.chat`."""
        deadline = Deadline(wanted.seconds, self.name)
        # Importing it takes seconds, and building it reads the certificates: not on the event loop.
        model = await asyncio.to_thread(self._client, wanted, deadline.left)
        from ollama import ResponseError

        shown, ended = Shown(), False
        try:
            if shows(messages) and not await deadline.hold(self._sees()):
                raise Blind(self.name)
            asked = [(message.role, _content(message)) for message in messages]
            async with aclosing(model.astream(asked)) as chunks:
                while (chunk := await deadline.hold(anext(chunks, None))) is not None:
                    ended = ended or bool(chunk.response_metadata.get("done"))
                    if text := shown.feed(str(chunk.text).encode()):
                        yield text
        except ResponseError as error:
            raise self._refusal(error.status_code, error.error) from error
        except BadStatus as error:
            raise self._refusal(error.status, "it refused.") from error
        except NotSent as error:
            raise ModelError(str(error)) from error
        except TimedOut as error:
            raise deadline.passed() from error
        except HttpError as error:
            raise Gone(DOWN) from error
        except ValueError as error:  # a line that is not JSON, or not a message
            raise ModelError(STRANGE) from error
        if not ended:
            raise Gone("Ollama broke off in the middle of its answer.")
        if text := shown.end():
            yield text

    async def _sees(self) -> bool:
        """Whether Ollama says of the model that it can look at pictures; one that cannot would answer all the same."""
        if self._vision is None:
            asked = json.dumps({"model": self._model}).encode()
            headers = {"content-type": "application/json"}
            reply = await self._http.request(
                "POST", f"{self._address}/api/show", ERRAND, headers=headers, body=asked, ask=LIST
            )
            said = reply.json()
            self._vision = isinstance(said, dict) and "vision" in (said.get("capabilities") or ())
        return self._vision

    def _client(self, wanted: Wanted, seconds: float) -> Any:
        from langchain_ollama import ChatOllama

        wire = self._http.transport(ERRAND, replace(STREAM, seconds=max(seconds, 0.001)))
        return ChatOllama(
            model=self._model,
            base_url=self._address,
            num_ctx=CONTEXT,
            num_predict=wanted.max_tokens,
            temperature=wanted.temperature,
            format=dict(wanted.schema) if wanted.schema is not None else None,
            keep_alive=KEEP_ALIVE,
            async_client_kwargs={"transport": wire},
        )

    def _refusal(self, status: int, reason: str) -> ModelError:
        if status == 404:
            return ModelError(f"Ollama has no {self._model} yet. Get it with: ollama pull {self._model}")
        if status in (429, 503):
            return Busy(f"{self.name} has too many questions waiting; ask again in a moment.")
        return ModelError(f"Ollama cannot run {self._model}: {_sentence(reason)}")

    async def close(self) -> None:
        """Nothing stays open between answers; Ollama unloads the model by itself."""


async def installed(http: HttpClient, address: str = ADDRESS) -> list[str]:
    """The models Ollama has, by name. Raises ModelError, and Gone when Ollama does not run."""
    _allow(http, address)
    try:
        listed = (await http.get(f"{address}/api/tags", ERRAND, ask=LIST)).json()
        return sorted(str(model["name"]) for model in listed["models"])
    except NotSent as error:
        raise ModelError(str(error)) from error
    except Unreadable as error:
        raise ModelError(STRANGE) from error
    except HttpError as error:
        raise Gone(DOWN) from error
    except (LookupError, TypeError) as error:
        raise ModelError(STRANGE) from error


def _content(message: ChatMessage) -> str | list[dict[str, Any]]:
    if not message.images:
        return message.content
    shown = [{"type": "image_url", "image_url": data_url(image)} for image in message.images]
    return [{"type": "text", "text": message.content}, *shown]


def _allow(http: HttpClient, address: str) -> None:
    http.allow(urlsplit(address).netloc)


def _sentence(reason: str) -> str:
    """What Ollama says, on one line of moderate length."""
    line = " ".join(reason.split())
    return line if len(line) <= 200 else f"{line[:200]}…"
