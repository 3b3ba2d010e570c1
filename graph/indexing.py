"""Keeps what can be found again up to date while FreelanceX serves: words at once, vectors when nobody waits.

a turn ends ──wakes──▶ cut what is new ──▶ quiet for some seconds? ──▶ embed, until a turn begins or ends
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
GATHERS_S = 1.0
"""Seconds in which what several turns leave is gathered; who searches before does not wait for that."""
QUIET_S = 5.0
"""Seconds without a turn after which vectors are made."""


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


async def keep_up(index: Index, running: Collection[str], quiet_s: float = QUIET_S) -> None:
    """Bring the index up to date now and whenever it is woken. What fails is tried again then."""
    swept, quiet = 0.0, False
    while True:
        index.woken.clear()
        patience: float | None = quiet_s
        try:
            await index.catch_up()
            if time.monotonic() - swept >= SWEEP_S:
                await index.sweep()
                swept = time.monotonic()
            if quiet and not running and await _embed(index, running):
                patience = None
        except Exception as error:
            patience = None
            if isinstance(error, Mendable | OSError | SQLAlchemyError):
                log.warning("what is new is found later: %s", type(error).__name__)
            else:  # Chroma raises what it likes
                log.exception("what is new is found by words alone")
        try:
            async with asyncio.timeout(patience):  # wait_for would lose a cancellation that comes with the waking
                await index.woken.wait()
            quiet = False
            await asyncio.sleep(GATHERS_S)
        except TimeoutError:
            quiet = True


async def _embed(index: Index, running: Collection[str]) -> bool:
    """Make vectors as long as nobody needs the machine; whether all are made."""
    for user in await index.users() if index.embeds else ():
        while await index.embed_some(user):
            if running or index.woken.is_set():
                return False
    return True
