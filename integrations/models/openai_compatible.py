"""A model behind any server that speaks OpenAI's chat protocol: llama-server, vLLM, LM Studio and others.

Protocol: POST {address}/chat/completions with ``stream``; the answer is server-sent events, each ``data: {…}``, the
last one ``data: [DONE]``. GET {address}/models lists what the server has. A schema goes into ``response_format``; a
server that refuses it is asked again without, because whoever asks validates all the same. Pictures are parts of a
message's content, ``{"type": "image_url"}`` with the file in the address.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from integrations.http import Ask, Errand, HttpClient
from integrations.http_errors import BadStatus, HttpError, NotSent, TimedOut, Unreadable, WrongType
from integrations.http_messages import STREAM
from integrations.models.backend import (
    USUAL,
    Blind,
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
from integrations.models.events import events
from integrations.models.llama.shown import Shown
from integrations.models.refusals import Refusal, refusal

CONTEXT = 8192
"""Tokens, where the server does not say."""
ERRAND = Errand("model_server", user="", approved=True)
"""The server is the user's own setting, which is the permission to ask it."""
DONE = "[DONE]"
EVENTS = replace(STREAM, accept=("text/event-stream",), max_bytes=16 * 1024 * 1024)
LIST = Ask(seconds=10.0, retries=0, limit=STREAM.limit)
ODD = "The model's server sent something that is not its protocol; check its address."


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Event(BaseModel):
    choices: list[_Choice] = []
    error: Any = None


class OpenAICompatible:
    """One model on one server. With no model's name, the first that the server lists."""

    def __init__(self, http: HttpClient, address: str, model: str = "", key: str | None = None) -> None:
        parts = urlsplit(address)
        self.name = f"{model or 'model'} at {parts.hostname}"
        self.context = CONTEXT
        self._http = http
        self._address = address.rstrip("/")
        self._model = model
        self._headers = {"authorization": f"Bearer {key}"} if key else {}
        self._takes_schema = True
        http.allow(parts.netloc.rpartition("@")[2])

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        """See `ModelBackend.chat`. Raises Busy and Gone among others; see `refusals`."""
        deadline = Deadline(wanted.seconds, self.name)
        try:
            model = self._model or await deadline.hold(self._first_listed())
            for with_schema in self._forms(wanted):
                try:
                    async with aclosing(self._answer(_body(model, messages, wanted, with_schema), deadline)) as pieces:
                        async for piece in pieces:
                            yield piece
                    return
                except BadStatus as error:
                    if not (with_schema and refusal(error) is Refusal.SCHEMA):
                        raise
                    self._takes_schema = False
        except BadStatus as error:
            if shows(messages) and refusal(error) is Refusal.PICTURE:
                raise Blind(self.name) from error
            raise refusal(error).told(self.name) from error
        except NotSent as error:
            raise ModelError(str(error)) from error
        except TimedOut as error:
            raise deadline.passed() from error
        except (WrongType, Unreadable) as error:
            raise ModelError(ODD) from error
        except HttpError as error:
            raise Gone("The model's server does not answer; check that it runs and its address.") from error

    def _forms(self, wanted: Wanted) -> tuple[bool, ...]:
        """With the schema or without it, in the order to try."""
        return (True, False) if wanted.schema is not None and self._takes_schema else (False,)

    async def _answer(self, body: Mapping[str, Any], deadline: Deadline) -> AsyncGenerator[str, None]:
        shown, ended = Shown(), False
        sent = json.dumps(body).encode()
        ask = replace(EVENTS, seconds=max(deadline.left, 0.001))
        headers = {**self._headers, "content-type": "application/json"}
        async with (
            self._http.stream(
                "POST", f"{self._address}/chat/completions", ERRAND, headers=headers, body=sent, ask=ask
            ) as reply,
            aclosing(events(reply.bytes())) as arriving,
        ):
            while (data := await deadline.hold(anext(arriving, None))) not in (None, DONE):
                event = _read(data or "")
                for choice in event.choices:
                    ended = ended or choice.finish_reason is not None
                    if text := shown.feed((choice.delta.content or "").encode()):
                        yield text
        if data is None and not ended:
            raise Gone("The model's server broke off in the middle of its answer.")
        if text := shown.end():
            yield text

    async def _first_listed(self) -> str:
        reply = await self._http.get(f"{self._address}/models", ERRAND, headers=self._headers, ask=LIST)
        try:
            self._model = str(reply.json()["data"][0]["id"])
        except (LookupError, TypeError):
            raise ModelError("The model's server names no model; write it behind the address: …/v1#NAME.") from None
        return self._model

    async def close(self) -> None:
        """Nothing stays open between answers."""


def _body(model: str, messages: Sequence[ChatMessage], wanted: Wanted, with_schema: bool) -> dict[str, Any]:
    form = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": wanted.schema}}
    return {
        "model": model,
        "stream": True,
        "max_tokens": wanted.max_tokens,
        "temperature": wanted.temperature,
        "messages": [{"role": message.role, "content": _content(message)} for message in messages],
        **({"response_format": form} if with_schema else {}),
    }


def _content(message: ChatMessage) -> str | list[dict[str, Any]]:
    if not message.images:
        return message.content
    shown = [{"type": "image_url", "image_url": {"url": data_url(image)}} for image in message.images]
    return [{"type": "text", "text": message.content}, *shown]


def _read(data: str) -> _Event:
    """One event. Raises ModelError when it is none, or tells of an error."""
    try:
        event = _Event.model_validate_json(data)
    except ValidationError as error:
        raise ModelError(ODD) from error
    if event.error:
        raise Gone("The model's server failed in the middle of its answer; its log has the details.")
    return event
