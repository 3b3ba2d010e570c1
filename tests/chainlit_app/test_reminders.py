"""A reminder that came due while nothing ran is told on the first page, and kept in its conversation."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from chat_server import start
from chat_socket import PageSocket

from chainlit_app.chat import USER
from config.settings import Settings
from graph.schedule.works import reminders_thread
from memory.stores import open_stores
from tests.loopback import free_port


async def test_what_came_due_while_it_was_off_is_told_at_the_start(tmp_path: Path) -> None:
    stores = await open_stores(Settings(data_dir=tmp_path))
    yesterday = datetime.now().date() - timedelta(days=1)
    await stores.reminders.add(USER, "Call the bank", yesterday, time(9), "UTC")
    await stores.close()
    server = start(tmp_path, free_port())
    try:
        async with PageSocket(server.address) as page:
            assert "Call the bank" in (await page.until("toast"))["message"]
        async with PageSocket(server.address, reminders_thread(USER)) as page:
            kept = await page.until("resume_thread")
            assert [step["output"] for step in kept["steps"] if "I was to remind you" in step["output"]]
    finally:
        server.end()
