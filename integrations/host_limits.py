"""How much one host is asked: so many requests at a time, so many seconds apart, and none while it does not answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from integrations.http_errors import Resting

REST_SECONDS = 30.0
"""How long a host that does not answer is left alone, before one request tries it again."""


@dataclass(frozen=True)
class HostLimit:
    """What a host's terms allow; after `failures` in a row it is left alone for a while (0: never)."""

    at_once: int = 4
    seconds_apart: float = 0.0
    failures: int = 5


ANY_HOST = HostLimit()
"""For a host whose terms name no limit."""
OWN_SERVER = HostLimit(at_once=16, failures=0)
"""For a server of the user's own, which may take its time to start."""


@dataclass
class _Lane:
    free: asyncio.Semaphore
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = 0.0
    failed: int = 0
    rests_until: float = 0.0


class HostLimits:
    """The lanes to each host. The first limit named for a host decides how many requests run at once."""

    def __init__(self, rest: float = REST_SECONDS) -> None:
        self._rest = rest
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def turn(self, host: str, limit: HostLimit) -> AsyncIterator[None]:
        """Wait for a turn with this host, and hold it. Raises Resting when it failed too often just now."""
        lane = self._lanes.setdefault(host, _Lane(asyncio.Semaphore(limit.at_once)))
        _check(host, lane)
        async with lane.free:
            async with lane.gate:
                wait = lane.next_start - time.monotonic()
                if wait > 0:
                    await asyncio.sleep(wait)
                _check(host, lane)
                lane.next_start = time.monotonic() + limit.seconds_apart
            yield

    def note(self, host: str, limit: HostLimit, *, answered: bool) -> None:
        """Remember whether the host answered. After a rest, one more failure begins the next."""
        lane = self._lanes[host]
        lane.failed = 0 if answered else lane.failed + 1
        if limit.failures and lane.failed >= limit.failures:
            lane.rests_until = time.monotonic() + self._rest


def _check(host: str, lane: _Lane) -> None:
    if (left := lane.rests_until - time.monotonic()) > 0:
        name = host.rpartition(":")[0] or host
        raise Resting(f"{name} failed {lane.failed} times in a row, so it is left alone for {left:.0f} seconds.")
