"""Backs up on schedule while FreelanceX serves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from config.errors import Mendable
from graph.runtime import Runtime
from memory.backups import listed, make, sweep

log = logging.getLogger("freelancex.backups")

EVERY_S = 600.0
"""Seconds between two looks whether a backup is due."""
FIRST_S = 60.0
"""Seconds after the start in which nobody waits for the disk."""


@asynccontextmanager
async def backing_up(runtime: Runtime) -> AsyncIterator[None]:
    """Make a backup whenever one is due, for as long as the block lasts."""
    task = asyncio.create_task(_watch(runtime))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def back_up_if_due(runtime: Runtime, at: datetime) -> bool:
    """Make a backup when the newest is older than it may be; returns whether one was made."""
    settings, master = runtime.settings, runtime.stores.keys.master
    if not settings.backup_hours or settings.database_url:
        return False
    there = await asyncio.to_thread(listed, settings, master)
    ages = [at - backup.made_at for backup in there if backup.made_at <= at]  # later ones are of a clock that was wrong
    if ages and ages[0] < timedelta(hours=settings.backup_hours):
        return False
    made = await asyncio.to_thread(make, settings, master, at)
    log.info("backed up %d bytes", made.size)
    return True


async def _watch(runtime: Runtime) -> None:
    await asyncio.sleep(FIRST_S)
    await asyncio.to_thread(sweep, runtime.settings)
    while True:
        try:
            await back_up_if_due(runtime, datetime.now(UTC))
        except Mendable as error:
            log.warning("no backup was made: %s", error)
        except Exception:  # whatever failed this time is told; the next backup must not go with it
            log.exception("no backup was made")
        await asyncio.sleep(EVERY_S)
