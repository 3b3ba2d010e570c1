"""What a site allows robots, by RFC 9309.

A missing file (4xx) allows everything; a site that cannot answer (5xx, no connection) allows nothing. What was read
holds for a day at most.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from integrations.host_limits import HostLimit
from integrations.http_errors import BadStatus, HttpError, NotSent, TooOften
from integrations.http_messages import Ask, Errand

if TYPE_CHECKING:
    from protego import Protego

    from integrations.http import HttpClient

NAME = "FreelanceX"
"""The product token sites address us by."""
MAX_BYTES = 512 * 1024
MAX_AGE = 24 * 3600.0
LONGEST_DELAY = 60.0


@dataclass(frozen=True)
class Rules:
    """What one site allows. `why` is one sentence when it allows nothing because it did not answer."""

    parsed: Protego | None
    why: str = ""

    def allows(self, url: str) -> bool:
        """Whether a page may be opened."""
        return not self.why and (self.parsed is None or self.parsed.can_fetch(url, NAME))

    @property
    def delay(self) -> float:
        """The seconds a site wants between two requests, at most a minute; 0 when it does not say."""
        if self.parsed is None:
            return 0.0
        rate = self.parsed.request_rate(NAME)
        wanted = self.parsed.crawl_delay(NAME) or (rate.seconds / rate.requests if rate and rate.requests else 0.0)
        return min(LONGEST_DELAY, max(0.0, float(wanted)))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The addresses of the site's maps."""
        return tuple(self.parsed.sitemaps) if self.parsed else ()


class Robots:
    """The rules of each site asked so far."""

    def __init__(
        self, http: HttpClient, errand: Errand, limit: HostLimit, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._http = http
        self._errand = errand
        self._ask = Ask(accept=(), max_bytes=4 * MAX_BYTES, seconds=15, limit=limit)
        self._clock = clock
        self._known: dict[str, tuple[float, Rules]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def rules(self, url: str) -> Rules:
        """The rules of the site of an address. Raises NotSent when nothing may be sent at all."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self._asking.setdefault(origin, asyncio.Lock()):
            read_at, rules = self._known.get(origin, (0.0, None))
            if rules is None or self._clock() - read_at >= MAX_AGE:
                rules = await self._read(origin)
                self._known[origin] = self._clock(), rules
            return rules

    async def _read(self, origin: str) -> Rules:
        try:
            reply = await self._http.get(f"{origin}/robots.txt", self._errand, ask=self._ask)
        except NotSent:
            raise
        except TooOften as error:
            return Rules(None, str(error))
        except BadStatus as error:
            return Rules(None, "" if 400 <= error.status < 500 else f"Its robots.txt cannot be read: {error}")
        except HttpError as error:
            return Rules(None, f"Its robots.txt cannot be read: {error}")
        return Rules(await asyncio.to_thread(_parsed, reply.body[:MAX_BYTES]))


def _parsed(body: bytes) -> Protego:
    from protego import Protego

    return Protego.parse(body.decode("utf-8-sig", "replace"))
