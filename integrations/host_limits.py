"""How much one host is asked: so many requests at a time, so many seconds apart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class HostLimit:
    """What a host's terms allow."""

    at_once: int = 4
    seconds_apart: float = 0.0


ANY_HOST = HostLimit()
"""For a host whose terms name no limit."""


@dataclass
class _Lane:
    free: asyncio.Semaphore
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = 0.0


class HostLimits:
    """The lanes to each host. The first limit named for a host decides how many requests run at once."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def turn(self, host: str, limit: HostLimit) -> AsyncIterator[None]:
        """Wait for a turn with this host, and hold it."""
        lane = self._lanes.setdefault(host, _Lane(asyncio.Semaphore(limit.at_once)))
        async with lane.free:
            async with lane.gate:
                wait = lane.next_start - time.monotonic()
                if wait > 0:
                    await asyncio.sleep(wait)
                lane.next_start = time.monotonic() + limit.seconds_apart
            yield
