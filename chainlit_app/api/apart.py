"""A reply in a task of its own, so that a client that hangs up stops it as Stop does in the chat.

Starlette cancels a stream anew at each await until it is gone, which would cut short how a reply ends what it runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import anyio

from graph.events import ReplyEvent


async def apart(events: AsyncGenerator[ReplyEvent, None]) -> AsyncGenerator[ReplyEvent, None]:
    """The same events; closing this, or cancelling it in whatever way, stops the reply once and waits for its end."""
    queue: asyncio.Queue[ReplyEvent | None] = asyncio.Queue()

    async def follow() -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    queue.put_nowait(event)
        finally:
            queue.put_nowait(None)

    task = asyncio.create_task(follow())
    try:
        while (event := await queue.get()) is not None:
            yield event
        await task  # raises what the reply raised
    finally:
        with anyio.CancelScope(shield=True):
            task.cancel()
            await asyncio.wait([task])
