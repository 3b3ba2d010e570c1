"""Keeps what can be found again up to date while FreelanceX serves: words at once, vectors when nobody waits.

a turn ends ──wakes──▶ cut what is new ──▶ chunks without a vector ──▶ embed some, slowly while turns run
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from config.errors import Mendable
from memory.recall.indexing import Index

log = logging.getLogger("freelancex.recall")

SWEEP_S = 600.0
"""Seconds between two looks for chunks whose rows are gone."""
POLITE_S = 1.0
"""Seconds between two lots of vectors while turns run: the user comes first."""


@asynccontextmanager
async def indexing(index: Index, running: Collection[str], *, serving: bool) -> AsyncIterator[None]:
    """Keep an index up to date meanwhile; only words, and only when asked, for a process that ends soon."""
    task = asyncio.create_task(keep_up(index, running)) if serving else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await asyncio.to_thread(index.vectors.close)


async def keep_up(index: Index, running: Collection[str]) -> None:
    """Bring the index up to date now and whenever it is woken. What fails is tried again then."""
    swept = 0.0
    while True:
        index.woken.clear()
        try:
            await index.catch_up()
            if time.monotonic() - swept >= SWEEP_S:
                await index.sweep()
                swept = time.monotonic()
            for user in await index.users() if index.embeds else ():
                more = True
                while more:
                    more = await index.embed_some(user)
                    await asyncio.sleep(POLITE_S if running else 0)
        except (Mendable, OSError, SQLAlchemyError) as error:
            log.warning("what is new is found later: %s", type(error).__name__)
        except Exception:
            log.exception("what is new is found by words alone")
        await index.woken.wait()
