"""An assistant is chosen as a chat profile, and answers the whole conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from chat_server import Server
from chat_socket import PageSocket


@pytest.fixture
async def helper(api: httpx.AsyncClient) -> AsyncIterator[dict[str, Any]]:
    made = (await api.post("/api/v1/assistants", json={"name": "Echo only", "agents": ["echo"]})).json()
    yield made
    await api.delete(f"/api/v1/assistants/{made['id']}")


async def profiles(api: httpx.AsyncClient) -> list[str]:
    settings = (await api.get("/project/settings?language=en-US")).json()
    return [one["name"] for one in settings["chatProfiles"]]


async def test_without_assistants_there_is_nothing_to_choose(api: httpx.AsyncClient) -> None:
    assert await profiles(api) == []


async def test_freelancex_itself_comes_first(api: httpx.AsyncClient, helper: dict[str, Any]) -> None:
    assert await profiles(api) == ["FreelanceX", "Echo only"]


async def said(api: httpx.AsyncClient, thread: str, words: str) -> str:
    """The whole conversation, once these words are in it."""
    for _ in range(300):
        text = (await api.get(f"/api/v1/threads/{thread}/messages")).text
        if words in text:
            return text
        await asyncio.sleep(0.1)
    raise AssertionError(f"{words!r} was not said within 30 s: {text}")


async def test_it_answers_the_conversation_it_was_chosen_for_and_does_nothing_else(
    server: Server, api: httpx.AsyncClient, helper: dict[str, Any]
) -> None:
    page = PageSocket(server.address)
    page._auth["chatProfile"] = "Echo only"
    async with page:
        await page.say("echo hello")
        thread = (await page.until("first_interaction"))["thread_id"]
        await said(api, thread, "You said **echo hello**")
        await page.say("draw a dot")
        assert "Here is a dot" not in await said(api, thread, "This assistant is no longer there")
    async with PageSocket(server.address, thread) as again:  # as after a reload
        await again.say("echo again")
        assert "Here is a dot" not in await said(api, thread, "You said **echo again**")
        await again.say("draw a second dot")
        assert "Here is a dot" not in await said(api, thread, "draw a second dot")
