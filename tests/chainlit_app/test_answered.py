"""An answer that took long is told of in the bell when nobody looks at its conversation any more, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from chat_server import Server, start
from chat_socket import PageSocket

from tests.loopback import free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    serving = start(tmp_path_factory.mktemp("answers"), free_port())
    yield serving
    serving.end()


async def test_a_long_answer_is_told_of_where_another_conversation_is_open(server: Server) -> None:
    async with PageSocket(server.address) as page:
        await page.say("ponder this question")
        thread = (await page.until("first_interaction", seconds=30))["thread_id"]
        await page.until("task_end", seconds=30)
        assert await notices(server) == [], "the user saw it coming"
        before = len(page.told)
        await page.say("ponder this question")
        await page.until("task_start", after=before, seconds=30)
    async with PageSocket(server.address) as elsewhere:
        told = await elsewhere.until("window_message", seconds=30, freelancex="notified")
        assert (told["title"], told["thread"]) == ("Your answer is ready: ponder this question", thread)
        (notice,) = await notices(server)
        assert (notice["kind"], notice["thread"]) == ("answer", thread)


async def notices(server: Server) -> list[Any]:
    async with httpx.AsyncClient(base_url=f"{server.address}/api/v1") as client:
        rows: list[Any] = (await client.get("/notifications")).json()["items"]
        return rows
