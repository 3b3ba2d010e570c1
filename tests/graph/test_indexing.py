"""The index is kept up to date for as long as FreelanceX serves, and no longer."""

from __future__ import annotations

import asyncio

from config.settings import Settings
from graph.indexing import keep_up
from memory.recall.indexing import Index
from memory.recall.vectors import Vectors, vectors_of
from memory.stores import Stores


class Waited(asyncio.Event):
    """An event that says when somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()

    async def wait(self) -> bool:
        self.begun.set()
        return bool(await super().wait())


async def test_it_ends_when_told_also_in_the_moment_it_is_woken(stores: Stores, settings: Settings) -> None:
    for moments in range(5):
        index = Index(stores.database, Vectors(vectors_of(settings.paths)), None)
        index.woken = waited = Waited()
        task = asyncio.create_task(keep_up(index, ()))
        await waited.begun.wait()
        index.wake()
        for _ in range(moments):
            await asyncio.sleep(0)
        task.cancel()
        ended, _ = await asyncio.wait([task], timeout=30)
        task.cancel()
        assert ended, f"told {moments} moments after it was woken, it went on"
