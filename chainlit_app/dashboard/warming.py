"""Reads the books when the server starts, so that the first look at a figure does not wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from graph.runtime import Runtime
from memory.trouble import StorageTrouble
from privacy.keys.ring import Tampered


@asynccontextmanager
async def warming(runtime: Runtime, user: str) -> AsyncIterator[None]:
    """Read them beside the block; what goes wrong is said to who asks for a figure."""
    reading = asyncio.create_task(_read(runtime, user))
    try:
        yield
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def _read(runtime: Runtime, user: str) -> None:
    with suppress(StorageTrouble, Tampered):
        await runtime.stores.overview.books(user)
