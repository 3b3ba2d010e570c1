"""A reminder that came due while nothing ran is told on the first page, kept in its conversation, and in the bell."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from chat_server import Server, start
from chat_socket import PageSocket

from config.settings import Settings
from graph.schedule.works import reminders_thread
from memory.stores import open_stores
from privacy.access.principal import LOCAL
from tests.loopback import free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that was off while a reminder came due."""
    folder = tmp_path_factory.mktemp("off")
    asyncio.run(_remind(folder))
    serving = start(folder, free_port())
    yield serving
    serving.end()


async def _remind(folder: Path) -> None:
    stores = await open_stores(Settings(data_dir=folder))
    yesterday = datetime.now().date() - timedelta(days=1)
    await stores.reminders.add(LOCAL.user, "Call the bank", yesterday, time(9), "UTC")
    await stores.close()


async def test_what_came_due_while_it_was_off_is_told_at_the_start(server: Server) -> None:
    async with PageSocket(server.address) as page:
        assert "Call the bank" in (await page.until("toast"))["message"]
    async with PageSocket(server.address, reminders_thread(LOCAL.user)) as page:
        kept = await page.until("resume_thread")
        assert [step["output"] for step in kept["steps"] if "I was to remind you" in step["output"]]


async def test_the_bell_lists_it_until_it_was_read(server: Server) -> None:
    async with httpx.AsyncClient(base_url=f"{server.address}/api/v1") as client:
        (notice,) = await _once_listed(client)
        assert notice["title"] == "Reminder: Call the bank" and "It was due on" in notice["text"]
        assert (notice["thread"], notice["read"]) == (reminders_thread(LOCAL.user), False)
        assert (await client.post("/notifications/read")).json() == {"read": 1}
        assert await _listed(client) == []


async def _once_listed(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """What is listed, once something is: the conversation is told first."""
    for _ in range(100):
        if rows := await _listed(client):
            return rows
        await asyncio.sleep(0.1)
    raise AssertionError("nothing was listed")


async def _listed(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await client.get("/notifications", params={"unread": True})).json()["items"]
    return [row for row in rows if row["kind"] == "reminder"]


async def test_it_lives_is_ready_and_answers_prometheus_on_this_computer(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.address) as client:
        assert (await client.get("/api/v1/health/live")).json() == {"status": "ok"}
        ready = await client.get("/api/v1/health/ready")
        parts = {part["name"]: part for part in ready.json()["parts"]}
        assert ready.status_code == 200 and parts["Database"]["detail"] == "answers"
        assert {"Disk", "Schedule", "Measuring", "Workers", "Language model"} <= set(parts)
        metrics = await client.get("/metrics")
        assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert 'freelancex_figure{name="memory"}' in metrics.text
        foreign = await client.get("/metrics", headers={"Host": "rebound.example"})
        assert foreign.status_code == 403
