"""Metrics count what was done and how long it took."""

import json

from monitoring.metrics import RECENT, Metrics


def test_each_agent_has_its_runs_failures_and_durations() -> None:
    metrics = Metrics()
    for seconds in (0.1, 0.2, 0.3):
        metrics.record("math", True, seconds)
    metrics.record("math", False, 1.0)
    metrics.record("automl", True, 30.0)
    agents = metrics.snapshot()["agents"]
    figures = {"runs": 4, "failures": 1, "mean_ms": 400.0, "median_ms": 300.0, "p95_ms": 1000.0}
    assert figures.items() <= agents["math"].items()
    assert agents["automl"]["runs"] == 1


def test_a_snapshot_is_json_and_does_not_change_afterwards() -> None:
    metrics = Metrics()
    metrics.record("math", True, 0.1)
    before = metrics.snapshot()
    metrics.record("math", True, 0.1)
    assert json.loads(json.dumps(before))["agents"]["math"]["runs"] == 1


def test_many_runs_take_no_more_room() -> None:
    metrics = Metrics()
    for _ in range(RECENT * 3):
        metrics.record("math", True, 5.0)
    for _ in range(RECENT):
        metrics.record("math", True, 0.001)
    assert metrics.snapshot()["agents"]["math"]["runs"] == RECENT * 4
    assert metrics.snapshot()["agents"]["math"]["p95_ms"] == 1.0


def test_bids_awards_retries_and_the_breaker_of_each_agent_are_counted() -> None:
    metrics = Metrics()
    metrics.bid({"math": 0.8, "career": 0.4804})
    metrics.award("career", stands_in=True)
    metrics.retry("math")
    metrics.breaker("math", "open")
    with metrics.at_work("career"), metrics.at_work("career"):
        assert metrics.running() == {"career": 2}
    agents = metrics.snapshot()["agents"]
    math = {"bids": 1, "last_bid": 0.8, "awards": 0, "retries": 1, "breaker": "open", "runs": 0, "median_ms": 0.0}
    career = {"bids": 1, "last_bid": 0.48, "awards": 1, "stood_in": 1, "breaker": "closed", "running": 0}
    assert math.items() <= agents["math"].items() and career.items() <= agents["career"].items()
