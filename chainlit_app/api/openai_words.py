"""OpenAI's shapes: what a request for a completion may hold, and how answers, pieces of them and errors look."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.responses import JSONResponse

KINDS = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}


class Part(BaseModel):
    """A part of a message: text, or a file that lies in the request itself."""

    type: Literal["text", "image_url", "file", "input_audio"]
    text: str = ""
    image_url: dict[str, JsonValue] = {}
    file: dict[str, JsonValue] = {}
    input_audio: dict[str, JsonValue] = {}


class Said(BaseModel):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """Its words."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""

    @property
    def parts(self) -> list[Part]:
        """Its files."""
        return [one for one in self.content if one.type != "text"] if isinstance(self.content, list) else []


class StreamOptions(BaseModel):
    """Whether the last piece of a stream counts the tokens."""

    include_usage: bool = False


class Format(BaseModel):
    """The form of the answer."""

    type: str = "text"


class Asked(BaseModel):
    """A request for a completion. What is not named here, such as `temperature`, changes nothing and is let pass."""

    model_config = ConfigDict(extra="ignore")

    model: str = Field(default="freelancex", max_length=200)
    messages: list[Said] = Field(min_length=1, max_length=2_000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = 1
    tools: list[JsonValue] | None = None
    response_format: Format | None = None
    metadata: dict[str, str] | None = None
    user: str | None = Field(default=None, max_length=500)

    @property
    def thread(self) -> str:
        """The conversation that is named, or nothing."""
        return (self.metadata or {}).get("thread", "")


def wrong(status: int, message: str, code: str | None = None, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error as clients of OpenAI's API read it."""
    kind = KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return JSONResponse(body, status, headers)


def completion(id: str, model: str, at: int, text: str, usage: Mapping[str, int], more: Mapping[str, Any]) -> Any:
    """A whole answer; `more` is what only FreelanceX says."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "logprobs": None, "finish_reason": "stop"}
    shape = {"id": id, "object": "chat.completion", "created": at, "model": model, "choices": [choice]}
    return {**shape, "usage": dict(usage), "freelancex": dict(more)}


def piece(id: str, model: str, at: int, delta: Mapping[str, str], end: str | None = None, **more: Any) -> str:
    """A piece of an answer, as a line of a stream."""
    choices = [{"index": 0, "delta": dict(delta), "logprobs": None, "finish_reason": end}]
    shape = {"id": id, "object": "chat.completion.chunk", "created": at, "model": model, "choices": choices}
    return line({**shape, **more})


def line(data: Any) -> str:
    """One event of a stream."""
    return f"data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"


def usage(asked: str, said: str) -> dict[str, int]:
    """Tokens as they are counted here: estimated, because most answers are written without a model."""
    from agents.tools.models.context_budget import tokens

    prompt, answer = tokens(asked), tokens(said)
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
