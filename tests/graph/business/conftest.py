"""A whole installation with every agent, and a way to talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from agents import registry
from config.settings import Settings
from graph.events import Done, Question, ReplyEvent
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime

Ask = Callable[[str], Awaitable[str]]


@pytest.fixture
async def runtime(settings: Settings) -> AsyncIterator[Runtime]:
    async with open_runtime(settings, agents=registry.load()) as opened:
        yield opened


@pytest.fixture
def ask(runtime: Runtime) -> Ask:
    """The answer, or the question, to a message."""

    async def said(text: str) -> str:
        last: ReplyEvent = [event async for event in reply(Message(text, "t1"), runtime)][-1]
        assert isinstance(last, Done | Question), last
        return last.text

    return said
