"""A stream on which nothing comes for a while stays open, also through proxies that close silent lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chainlit_app.api import answers
from chainlit_app.api.answers import Events
from chainlit_app.api.completions import pieces
from chainlit_app.api.openai_words import Asked
from graph.events import Done, TurnStarted


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chainlit_app.api.apart.QUIET_S", 0.01)


async def slow(heard: asyncio.Event) -> Events:
    """A reply in which nothing comes before a comment was heard."""
    yield TurnStarted("turn")
    async with asyncio.timeout(30):
        await heard.wait()
    yield Done("turn", "done at last", 1.0)


async def read(stream: AsyncIterable[str | bytes | memoryview], heard: asyncio.Event) -> list[str]:
    lines = []
    async for piece in stream:
        lines.append(str(piece))
        if lines[-1].startswith(":"):
            heard.set()
    return lines


async def test_a_reply_that_takes_its_time_keeps_its_stream_open() -> None:
    heard = asyncio.Event()
    request = Request({"type": "http", "headers": [(b"accept", b"text/event-stream")]})
    answer = await answers.respond(request, Response(), "thread", slow(heard))
    assert isinstance(answer, StreamingResponse)
    assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-store", "no")
    lines = await read(answer.body_iterator, heard)
    comments = [line for line in lines if line.startswith(": ") and line.endswith("\n\n")]
    assert comments and [line.split("\n")[0] for line in lines if line not in comments] == [
        "event: Thread",
        "event: TurnStarted",
        "event: Done",
    ]


async def test_so_does_a_completion() -> None:
    heard = asyncio.Event()
    asked = Asked.model_validate({"model": "freelancex", "messages": [{"role": "user", "content": "hi"}]})
    lines = await read(pieces(asked, "thread", slow(heard), counted=False), heard)
    assert any(line.startswith(": ") for line in lines) and lines[-1] == "data: [DONE]\n\n"
