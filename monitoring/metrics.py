"""Counts and durations in this process: how often each agent worked, how often it failed, how long it took."""

from __future__ import annotations

import threading
import time
from collections import deque
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


class Metrics:
    """The metrics of one process, since it started. May be used from any thread."""

    def __init__(self) -> None:
        self._series: dict[str, _Series] = {}
        self._lock = threading.Lock()
        self._started = time.monotonic()

    def record(self, name: str, ok: bool, seconds: float) -> None:
        """Add one run of an agent."""
        with self._lock:
            series = self._series.setdefault(name, _Series())
            series.runs += 1
            series.failures += not ok
            series.seconds += seconds
            series.recent.append(seconds)

    def snapshot(self) -> dict[str, Any]:
        """Everything as JSON: `uptime_s`, and by agent `runs`, `failures`, and mean, median and p95 in milliseconds."""
        with self._lock:
            agents = {name: _figures(series) for name, series in sorted(self._series.items())}
        return {"uptime_s": round(time.monotonic() - self._started, 1), "agents": agents}


def _figures(series: _Series) -> dict[str, Any]:
    ordered = sorted(series.recent)
    return {
        "runs": series.runs,
        "failures": series.failures,
        "mean_ms": round(series.seconds / series.runs * 1000, 1),
        "median_ms": round(_quantile(ordered, 0.5) * 1000, 1),
        "p95_ms": round(_quantile(ordered, 0.95) * 1000, 1),
    }


def _quantile(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
