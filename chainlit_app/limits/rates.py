"""How often each user, and each of their keys, may ask for what: counted here, or in Redis for several servers.

user  ── a rate for each kind, as "60/minute; 10/second": the second one bounds a burst
key   ── half of it, so that one runaway script leaves its user room
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from config.settings import Settings
from privacy.access.principal import Principal

log = logging.getLogger("freelancex.limits")

Kind = Literal["chat", "read", "write", "sign_in"]
USUAL: Mapping[Kind, str] = {
    "read": "3000/minute; 100/second",
    "write": "900/minute; 40/second",
    "sign_in": "20/minute; 5/second",
}
"""By kind; that of chat is `messages_per_minute`, with a burst of a sixth of it in a second."""


@dataclass(frozen=True)
class Verdict:
    """Whether a request passes. `quota`, `left` and `seconds` are those of the rate that is nearest its end.

    `seconds` is how long until there is room again; `policy` are all rates that apply, by name and quota and seconds.
    """

    passes: bool
    name: str
    quota: int
    left: int
    seconds: int
    policy: tuple[tuple[str, int, int], ...]

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers), and Retry-After where it is over."""
        policy = ", ".join(f'"{name}";q={quota};w={window}' for name, quota, window in self.policy)
        said = {"RateLimit-Policy": policy, "RateLimit": f'"{self.name}";r={self.left};t={self.seconds}'}
        return said if self.passes else {**said, "Retry-After": str(self.seconds)}


class Rates:
    """The rates of one server. Where Redis cannot be reached, it counts here until Redis can."""

    def __init__(self, settings: Settings) -> None:
        """Raises ValueError for a rate that cannot be read."""
        burst = max(5, math.ceil(settings.messages_per_minute / 6))
        usual: dict[str, str] = {"chat": f"{settings.messages_per_minute}/minute; {burst}/second"}
        usual |= {**{str(kind): rate for kind, rate in USUAL.items()}, **settings.rates}
        self._own = {kind: parse_many(rate) if rate else [] for kind, rate in usual.items()}
        self._of_key = {kind: [_half(rate) for rate in rates] for kind, rates in self._own.items()}
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = SlidingWindowCounterRateLimiter(_redis(settings.redis)) if settings.redis else None

    async def take(self, kind: Kind, asking: Principal | str) -> Verdict | None:
        """Count one request of this kind. A text stands for whoever has not signed in, by address.

        None where nothing bounds this kind.
        """
        if not self._own.get(kind):
            return None
        if isinstance(asking, str):
            whose = [("", self._own[kind], f"at:{asking}")]
        else:
            whose = [("", self._own[kind], f"user:{asking.account}")]
            if asking.scopes is not None:
                whose.append((" by key", self._of_key[kind], f"key:{asking.session}"))
        if self._shared is not None:
            try:
                return await _taken(self._shared, kind, whose)
            except StorageError:
                log.warning("Redis does not answer, so requests are counted by this server alone")
        return await _taken(self._here, kind, whose)


async def _taken(
    counter: SlidingWindowCounterRateLimiter, kind: str, whose: Sequence[tuple[str, Sequence[RateLimitItem], str]]
) -> Verdict:
    """Count by every rate, the shortest first, and stop at the first that is over."""
    found: list[tuple[float, bool, str, RateLimitItem, int, float]] = []
    policy: list[tuple[str, int, int]] = []
    passes = True
    for suffix, rates, who in whose:
        for rate in sorted(rates, key=lambda one: one.get_expiry()):
            name = f"{kind}{suffix} {rate.GRANULARITY.name}"
            policy.append((name, rate.amount, rate.get_expiry()))
            if not passes:
                continue
            passes = await counter.hit(rate, kind, who)
            stats = await counter.get_window_stats(rate, kind, who)
            left = stats.remaining if passes else 0
            found.append((left / rate.amount, passes, name, rate, left, stats.reset_time))
    _, _, name, rate, left, until = min(found, key=lambda one: (one[1], one[0]))
    seconds = max(1, math.ceil(until - time.time()))
    return Verdict(passes, name, rate.amount, left, min(seconds, rate.get_expiry()), tuple(policy))


def _half(rate: RateLimitItem) -> RateLimitItem:
    return type(rate)(max(1, rate.amount // 2), rate.multiples)


def _redis(address: str) -> RedisStorage:
    return RedisStorage(
        f"async+{address}", wrap_exceptions=True, implementation="redispy", key_prefix="freelancex", socket_timeout=1.0
    )
