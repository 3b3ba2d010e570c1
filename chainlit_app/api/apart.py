"""A reply in a task of its own, so that a client that hangs up stops it as Stop does in the chat.

Starlette cancels a stream anew at each await until it is gone, which would cut short how a reply ends what it runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

import anyio

from graph.events import ReplyEvent

QUIET_S = 15.0
"""Seconds without an event after which a line is kept open, since proxies and clients give up on silent ones."""
KEEP_ALIVE = ": still at work\n\n"
"""A comment of a stream of server-sent events, which clients pass over."""
UNHELD: Mapping[str, str] = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Headers by which nobody between server and client keeps a stream back."""


async def apart(events: AsyncGenerator[ReplyEvent, None]) -> AsyncGenerator[ReplyEvent | None, None]:
    """The same events, and None each time that nothing came for `QUIET_S`.

    Closing this, or cancelling it in whatever way, stops the reply once and waits for its end.
    """
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
        while True:
            try:
                async with asyncio.timeout(QUIET_S):
                    event = await queue.get()
            except TimeoutError:
                yield None
                continue
            if event is None:
                break
            yield event
        await task  # raises what the reply raised
    finally:
        with anyio.CancelScope(shield=True):
            task.cancel()
            await asyncio.wait([task])
