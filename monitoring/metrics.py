"""Counts and durations in this process: how agents did, who bid for steps, who got them, who is kept out."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

RECENT = 200
"""Durations kept of each agent, for its median and slow end."""


@dataclass
class _Series:
    runs: int = 0
    failures: int = 0
    seconds: float = 0.0
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))
    running: int = 0
    bids: int = 0
    last_bid: float | None = None
    awards: int = 0
    stood_in: int = 0
    retries: int = 0
    breaker: str = "closed"


class Metrics:
    """The metrics of one process, since it started. May be used from any thread."""

    def __init__(self) -> None:
        self._series: dict[str, _Series] = {}
        self._turns: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self._started = time.monotonic()

    def record(self, name: str, ok: bool, seconds: float) -> None:
        """Add one run of an agent."""
        with self._lock:
            series = self._of(name)
            series.runs += 1
            series.failures += not ok
            series.seconds += seconds
            series.recent.append(seconds)

    def turn(self, outcome: str, seconds: float) -> None:
        """Add one turn, by how it ended."""
        with self._lock:
            count, total = self._turns.get(outcome, (0, 0.0))
            self._turns[outcome] = (count + 1, total + seconds)

    @contextmanager
    def at_work(self, name: str) -> Iterator[None]:
        """Count an agent as at work meanwhile."""
        with self._lock:
            self._of(name).running += 1
        try:
            yield
        finally:
            with self._lock:
                self._of(name).running -= 1

    def running(self) -> dict[str, int]:
        """How many steps each agent is at work on."""
        with self._lock:
            return {name: series.running for name, series in self._series.items() if series.running}

    def bid(self, values: Mapping[str, float]) -> None:
        """Add what agents bid for one step."""
        with self._lock:
            for name, value in values.items():
                series = self._of(name)
                series.bids, series.last_bid = series.bids + 1, value

    def award(self, name: str, *, stands_in: bool = False) -> None:
        """Add that an agent was given a step, in place of another where it `stands_in`."""
        with self._lock:
            series = self._of(name)
            series.awards += 1
            series.stood_in += stands_in

    def retry(self, name: str) -> None:
        """Add that an agent tried once more."""
        with self._lock:
            self._of(name).retries += 1

    def breaker(self, name: str, position: str) -> None:
        """Set where the breaker of an agent stands: closed, open or half-open."""
        with self._lock:
            self._of(name).breaker = position

    def snapshot(self) -> dict[str, Any]:
        """Everything as JSON: `uptime_s`, `turns`, and by agent counts, its breaker, and durations in milliseconds.

        `turns` are count and seconds by outcome.

        Durations (`mean_ms`, `median_ms`, `p95_ms`) are of its runs, 0 where it had none.
        """
        with self._lock:
            agents = {name: _figures(series) for name, series in sorted(self._series.items())}
        turns = dict(self._turns)
        return {"uptime_s": round(time.monotonic() - self._started, 1), "turns": turns, "agents": agents}

    def _of(self, name: str) -> _Series:
        return self._series.setdefault(name, _Series())


def _figures(series: _Series) -> dict[str, Any]:
    ordered = sorted(series.recent)
    return {
        "runs": series.runs,
        "failures": series.failures,
        "mean_ms": round(series.seconds / max(1, series.runs) * 1000, 1),
        "median_ms": round(_quantile(ordered, 0.5) * 1000, 1),
        "p95_ms": round(_quantile(ordered, 0.95) * 1000, 1),
        "running": series.running,
        "bids": series.bids,
        "last_bid": None if series.last_bid is None else round(series.last_bid, 3),
        "awards": series.awards,
        "stood_in": series.stood_in,
        "retries": series.retries,
        "breaker": series.breaker,
    }


def _quantile(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0
