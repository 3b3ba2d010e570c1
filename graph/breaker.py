"""Keeps an agent out for a while that fails again and again.

closed ──FAILURES in a row──▶ open ──after its rest──▶ half-open: one try ──well──▶ closed
                                ▲                          └─ ill: rests twice as long, MOST_REST at most
                                └──────────────────────────┘
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

FAILURES = 3
REST, MOST_REST = 20.0, 600.0
"""Seconds an agent is kept out the first time, and at most."""
Position = Literal["closed", "open", "half-open"]


@dataclass
class _Held:
    failures: int = 0
    rest: float = REST
    until: float | None = None
    probing: bool = False
    reason: str = ""


class Breaker:
    """The breakers of all agents of one process. `clock` gives seconds that never run backwards."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._agents: dict[str, _Held] = {}

    def allows(self, agent: str) -> bool:
        """Whether an agent may be tried now. When it is half-open that is its one try, which `note` or `leave` ends."""
        held = self._held(agent)
        if held.until is None:
            return True
        if self._clock() < held.until or held.probing:
            return False
        held.probing = True
        return True

    def note(self, agent: str, well: bool, reason: str = "") -> None:
        """Note how a try went, and why it went ill."""
        held = self._held(agent)
        if well:
            self._agents[agent] = _Held()
            return
        held.failures, held.reason = held.failures + 1, reason
        if held.probing:
            held.rest = min(MOST_REST, held.rest * 2)
        if held.probing or held.failures >= FAILURES:
            held.until = self._clock() + held.rest
        held.probing = False

    def leave(self, agent: str) -> None:
        """End a try that says nothing of the agent: it was stopped, or the request lacked something."""
        self._held(agent).probing = False

    def position(self, agent: str) -> Position:
        """Where the breaker of an agent stands."""
        until = self._held(agent).until
        if until is None:
            return "closed"
        return "open" if self._clock() < until else "half-open"

    def rest_of(self, agent: str) -> tuple[float, str]:
        """For how many seconds an agent is still kept out, and why it failed the last time."""
        held = self._held(agent)
        return max(0.0, (held.until or 0.0) - self._clock()), held.reason

    def _held(self, agent: str) -> _Held:
        return self._agents.setdefault(agent, _Held())
