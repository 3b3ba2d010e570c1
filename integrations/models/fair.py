"""Who may ask a model next: in turn by user, so that one user's hundred questions hold up nobody else's one.

ann: q q q q …  ┐
bob: q          ├──▶ ann, bob, eve, ann, eve, ann …  ──▶ `together` at a time
eve: q q        ┘
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from integrations.models.backend import Busy
from integrations.models.deadline import Deadline

USERS = 8
"""As many times what one user may let wait can wait in all."""


@dataclass
class Fair:
    """The line before one model: `together` are asked at a time, `waiting` questions of each user may wait."""

    together: int
    waiting: int
    _running: int = 0
    _lines: dict[str, deque[asyncio.Future[None]]] = field(default_factory=dict)
    """Those who wait by user; the user whose turn is next comes first."""

    @asynccontextmanager
    async def turn(self, user: str, deadline: Deadline, name: str) -> AsyncIterator[None]:
        """Wait for one's turn with the model of that name. Raises Busy when too many wait already, and TooSlow."""
        await self._wait(user, deadline, name)
        try:
            yield
        finally:
            self._running -= 1
            self._next()

    async def _wait(self, user: str, deadline: Deadline, name: str) -> None:
        if self._running < self.together and not self._lines:
            self._running += 1
            return
        mine = len(self._lines.get(user, ()))
        if mine >= self.waiting:
            raise Busy(f"{name} has {mine} questions waiting already; ask again in a moment.", own=True)
        if sum(map(len, self._lines.values())) >= self.waiting * USERS:
            raise Busy(f"{name} has many questions waiting already; ask again in a moment.")
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(user, deque()).append(place)
        try:
            await deadline.hold(place)
        except BaseException:
            if place.done() and not place.cancelled():  # called just as whoever waited gave up
                self._running -= 1
                self._next()
            else:
                self._leave(user, place)
            raise

    def _next(self) -> None:
        while self._running < self.together and self._lines:
            user, line = next(iter(self._lines.items()))
            place = line.popleft()
            del self._lines[user]
            if line:
                self._lines[user] = line  # at the end: the others come first
            if not place.done():
                self._running += 1
                place.set_result(None)

    def _leave(self, user: str, place: asyncio.Future[None]) -> None:
        line = self._lines.get(user)
        if line and place in line:
            line.remove(place)
            if not line:
                del self._lines[user]
