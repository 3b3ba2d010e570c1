"""The figures of this process as Prometheus reads them (text format 0.0.4), gathered only when it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitoring.metrics import Metrics

if TYPE_CHECKING:
    from prometheus_client.core import Metric

PREFIX = "freelancex_"
_OPEN = {"closed": 0, "half-open": 1, "open": 2}


@dataclass(frozen=True, eq=False)
class Exposition:
    """A collector of `metrics`, with figures that were measured elsewhere, by their names."""

    metrics: Metrics
    figures: Mapping[str, float] = field(default_factory=dict)

    def text(self) -> bytes:
        """What `/metrics` answers."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.process_collector import ProcessCollector

        registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterable[Metric]:
        """Every family, as the library asks for them."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, SummaryMetricFamily

        shot = self.metrics.snapshot()
        agents: dict[str, dict[str, float | str]] = shot["agents"]
        yield GaugeMetricFamily(f"{PREFIX}uptime_seconds", "Seconds since the start.", value=shot["uptime_s"])
        seconds = SummaryMetricFamily(f"{PREFIX}agent_seconds", "Seconds that agents worked.", labels=["agent"])
        for name, of in agents.items():
            runs = int(of["runs"])
            seconds.add_metric([name], count_value=runs, sum_value=float(of["mean_ms"]) * runs / 1000)
        yield seconds
        for key, what in (
            ("failures", "Runs that failed."), ("retries", "Tries after the first."),
            ("awards", "Steps given to an agent."), ("stood_in", "Steps done in place of another."), ("bids", "Bids."),
        ):  # fmt: skip
            counter = CounterMetricFamily(f"{PREFIX}agent_{key}", what, labels=["agent"])
            for name, of in agents.items():
                counter.add_metric([name], float(of[key]))
            yield counter
        running = GaugeMetricFamily(f"{PREFIX}agent_running", "Steps at work.", labels=["agent"])
        breaker = GaugeMetricFamily(f"{PREFIX}agent_breaker", "0 closed, 1 half-open, 2 open.", labels=["agent"])
        for name, of in agents.items():
            running.add_metric([name], float(of["running"]))
            breaker.add_metric([name], _OPEN.get(str(of["breaker"]), 2))
        yield running
        yield breaker
        turns = SummaryMetricFamily(f"{PREFIX}turn_seconds", "Seconds that turns took.", labels=["outcome"])
        for outcome, (count, total) in shot["turns"].items():
            turns.add_metric([outcome], count_value=count, sum_value=total)
        yield turns
        machine = GaugeMetricFamily(f"{PREFIX}figure", "What was measured last.", labels=["name"])
        for name, value in sorted(self.figures.items()):
            machine.add_metric([name], value)
        yield machine
