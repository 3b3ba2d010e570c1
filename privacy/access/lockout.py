"""Rests after wrong passwords, longer each time, by account and by address.

A name rests whether there is an account of that name or not, so that a rest tells nothing. What is counted here is kept
in memory: it is gone after a restart, which no stranger can bring about.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

FREE = 5
"""How many may be wrong before the first rest."""
FIRST_S, LONGEST_S = 15.0, 900.0
FORGETS_S = 3600.0
MOST = 20_000


def rest_after(failures: int) -> float:
    """Seconds to rest after so many wrong ones in a row: 0 for the first few, then 15, 30, 60 … up to 900."""
    return 0.0 if failures < FREE else min(FIRST_S * 2.0 ** min(failures - FREE, 10), LONGEST_S)


@dataclass
class Lockout:
    """What was wrong lately, by a key such as ``name:…`` or ``address:…``; `clock` gives seconds."""

    clock: Callable[[], float] = monotonic
    _wrong: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)

    def rests(self, *keys: str) -> float:
        """Seconds until any of these may try again; 0 when they may."""
        return max((self._left(key) for key in keys), default=0.0)

    def failed(self, *keys: str) -> None:
        """Note a wrong one."""
        for key in keys:
            count, at = self._wrong.pop(key, (0, 0.0))
            fresh = self.clock() - at < FORGETS_S
            self._wrong[key] = (count + 1 if fresh else 1, self.clock())
        while len(self._wrong) > MOST:
            self._wrong.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget what was wrong before."""
        self._wrong.pop(key, None)

    def _left(self, key: str) -> float:
        count, at = self._wrong.get(key, (0, 0.0))
        return max(0.0, at + rest_after(count) - self.clock())
