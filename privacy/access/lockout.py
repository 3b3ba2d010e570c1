"""Rests after wrong passwords, longer each time, by account and by address.

A name rests whether there is an account of that name or not, so that a rest tells nothing. It is counted in memory;
`memory.lockouts` keeps what a restart must not forget.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import time

FREE, FREE_OF_ADDRESS = 5, 20
"""How many may be wrong before the first rest; many people may share an address."""
ADDRESS = "address:"
FIRST_S, LONGEST_S = 15.0, 900.0
FORGETS_S = 3600.0
MOST = 20_000


def rest_after(failures: int, free: int = FREE) -> float:
    """Seconds to rest after so many wrong ones in a row: 0 for the first few, then 15, 30, 60 … up to 900."""
    return 0.0 if failures < free else min(FIRST_S * 2.0 ** min(failures - free, 10), LONGEST_S)


@dataclass
class Lockout:
    """What was wrong lately, by a key such as ``name:…`` or ``address:…``; `clock` gives seconds since 1970."""

    clock: Callable[[], float] = time
    _wrong: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)

    def rests(self, *keys: str) -> float:
        """Seconds until any of these may try again; 0 when they may."""
        return max((self._left(key) for key in keys), default=0.0)

    def tried(self, *keys: str) -> None:
        """Note a try as a wrong one, before it is looked at: many at once are then as slow as one after the other."""
        for key in keys:
            count, at = self._wrong.pop(key, (0, 0.0))
            fresh = self.clock() - at < FORGETS_S
            self._wrong[key] = (count + 1 if fresh else 1, self.clock())
        while len(self._wrong) > MOST:
            self._wrong.popitem(last=False)

    def of(self, *keys: str) -> dict[str, tuple[int, float]]:
        """How many of each were wrong, and when the last was; 0 where none is known."""
        return {key: self._wrong.get(key, (0, 0.0)) for key in keys}

    def remember(self, known: Mapping[str, tuple[int, float]]) -> None:
        """Take up what was counted before a restart."""
        self._wrong.update(sorted(known.items(), key=lambda one: one[1][1]))

    def succeeded(self, name: str, address: str) -> None:
        """It was right: the name starts anew, the address has one wrong try less."""
        self._wrong.pop(name, None)
        count, at = self._wrong.get(address, (0, 0.0))
        if count > 1:
            self._wrong[address] = (count - 1, at)
        else:
            self._wrong.pop(address, None)

    def _left(self, key: str) -> float:
        count, at = self._wrong.get(key, (0, 0.0))
        free = FREE_OF_ADDRESS if key.startswith(ADDRESS) else FREE
        return min(LONGEST_S, max(0.0, at + rest_after(count, free) - self.clock()))  # also where the clock was set
