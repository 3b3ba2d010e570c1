"""Few turns are at work at a time, so that the first answers come early and requests between them find the loop free.

    turn of a ─┐
    turn of b ─┼─▶ a place ──▶ over, or a moment has passed ──▶ the next user's turn
    turn of a ─┘

Ten turns side by side would each take as long as all ten. What waits for a model, a job or a page needs no place, so a
turn keeps its own for a moment only.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

MOST = 2
MOMENT_S = 0.25


class Places:
    """The places of one process. Who waits comes in the order of asking, and one user's many after another's one."""

    def __init__(self, most: int = MOST, moment_s: float = MOMENT_S) -> None:
        self._free, self._moment_s = most, moment_s
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def place(self, user: str) -> AsyncIterator[None]:
        """A place, as soon as one is free."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(user)
        with ExitStack() as held:
            held.callback(self._leave)
            over = asyncio.get_running_loop().call_later(self._moment_s, held.close)
            held.callback(over.cancel)
            yield

    async def _wait(self, user: str) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(user, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        self._free += 1
        while self._free and self._waiting:
            user = next(iter(self._waiting))
            turns = self._waiting.pop(user)
            turn = turns.popleft()
            if turns:
                self._waiting[user] = turns
            if not turn.done():
                self._free -= 1
                turn.set_result(None)
