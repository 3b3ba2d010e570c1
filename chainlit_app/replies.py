"""The replies that are being written, by conversation: started one after another, and stopped for good.

Chainlit knows only the task of the last message sent, and forgets it when a message is edited; here every reply of a
conversation is known, whatever started it: a message, an edit, a button.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from chainlit_app.page import Page
from chainlit_app.rendering import Rendering
from config.errors import Mendable
from graph.events import ReplyEvent

log = logging.getLogger("freelancex.chat")

BROKEN = "Something went wrong in FreelanceX itself, so this was not finished. Try again; the log has the details."

Events = AsyncIterator[ReplyEvent]


@dataclass
class Replies:
    """The replies of this process."""

    answered: Callable[[Page, float], Awaitable[None]] | None = None
    """Told of each reply that came to its end, with the seconds it took."""
    too_soon: Callable[[str], Awaitable[str]] | None = None
    """Counts a message of a user; gives the sentence to say where it comes too soon after others."""
    _tasks: dict[str, list[asyncio.Task[None]]] = field(default_factory=dict)
    _shown: dict[str, Rendering] = field(default_factory=dict)

    def begin(
        self,
        page: Page,
        message: str,
        events: Callable[[], Events],
        on_start: Callable[[], Awaitable[None]] | None = None,
    ) -> asyncio.Task[None]:
        """Show a reply on the pages of its thread, after those that are already being written there."""
        before = list(self._tasks.get(page.thread, ()))
        task = asyncio.create_task(self._write(page, message, events, on_start, before))
        self._tasks.setdefault(page.thread, []).append(task)
        task.add_done_callback(lambda done: self._forget(page.thread, done))
        return task

    def current(self, thread: str) -> Rendering | None:
        """What is being written in a thread, if anything is."""
        return self._shown.get(thread)

    async def stop(self, thread: str) -> str | None:
        """Stop everything in a thread and wait for its end; returns the turn that was being written."""
        tasks, rendering = list(self._tasks.get(thread, ())), self._shown.get(thread)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return rendering.turn if tasks and rendering else None

    async def interrupt(self) -> list[str]:
        """Stop every reply, because the server ends; returns the turns that were being written."""
        turns = [await self.stop(thread) for thread in list(self._tasks)]
        return [turn for turn in turns if turn]

    async def _write(
        self,
        page: Page,
        message: str,
        events: Callable[[], Events],
        on_start: Callable[[], Awaitable[None]] | None,
        before: list[asyncio.Task[None]],
    ) -> None:
        if before:
            await asyncio.wait(before)
        rendering = self._shown[page.thread] = Rendering(page, message)
        failed, began = True, time.monotonic()
        try:
            await page.busy(True)
            async with aclosing(events()) as coming:  # type: ignore[type-var]
                await rendering.show(coming, on_start)
            failed = False
        except Mendable as error:
            await rendering.break_off(str(error))
        except Exception:
            log.exception("a reply in thread %s broke", page.thread)
            await rendering.break_off(BROKEN)
        finally:
            self._shown.pop(page.thread, None)
            await rendering.close(failed=failed)
            await page.busy(False)
        if self.answered:
            await self.answered(page, time.monotonic() - began)

    def _forget(self, thread: str, task: asyncio.Task[None]) -> None:
        tasks = self._tasks.get(thread, [])
        if task in tasks:
            tasks.remove(task)
        if not tasks:
            self._tasks.pop(thread, None)


replies = Replies()
