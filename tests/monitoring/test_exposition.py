"""What Prometheus reads parses, and says what was counted."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from monitoring.exposition import Exposition
from monitoring.metrics import Metrics


def test_counts_and_seconds_are_those_of_the_agents_and_turns() -> None:
    metrics = Metrics()
    metrics.record("math", True, 0.5)
    metrics.record("math", False, 1.5)
    metrics.award("math")
    metrics.turn("done", 2.0)
    metrics.breaker("math", "open")
    text = Exposition(metrics, {"cpu": 12.5}).text().decode()
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["freelancex_agent_seconds_count", "math"] == 2
    assert found["freelancex_agent_seconds_sum", "math"] == 2.0
    assert found["freelancex_agent_failures_total", "math"] == 1
    assert found["freelancex_agent_breaker", "math"] == 2
    assert found["freelancex_turn_seconds_sum", "done"] == 2.0
    assert found["freelancex_figure", "cpu"] == 12.5
    assert found[("process_resident_memory_bytes",)] > 1e6
