"""When a figure becomes an alert, and when it is over: a machine of pure functions, with hysteresis.

    quiet ──beyond `over`──▶ pending ──for `lasts`──▶ standing ──within `clears`, for `lasts`──▶ quiet
      ▲                        │                          │
      └──────within `over`─────┘                          └─ between `clears` and `over` it stays as it is

A figure that is missing for `absent` is itself a reason to alert, where the rule says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

NEVER = timedelta.max


@dataclass(frozen=True)
class Rule:
    """One limit of one figure. `over` is crossed upwards, or downwards where `clears` lies above it.

    `title` and `text` are for the user; ``{value}`` stands for the figure.
    """

    name: str
    figure: str
    over: float
    clears: float
    lasts: timedelta
    title: str
    text: str
    absent: timedelta = NEVER

    def broken(self, value: float) -> bool:
        """Whether a value is beyond the limit."""
        return value < self.over if self.clears > self.over else value > self.over

    def cleared(self, value: float) -> bool:
        """Whether a value is well within the limit."""
        return value >= self.clears if self.clears > self.over else value <= self.clears


@dataclass(frozen=True)
class Watched:
    """Where a rule stands: since when its figure is beyond, or within, its limit, and when it was last seen."""

    standing: bool = False
    beyond: datetime | None = None
    within: datetime | None = None
    seen: datetime | None = None
    missing: bool = False


def step(rule: Rule, before: Watched, value: float | None, at: datetime) -> Watched:
    """Where a rule stands after a look at its figure; None when there is no figure now."""
    if value is None:
        seen = before.seen or at
        missing = at - seen >= rule.absent
        return replace(before, seen=seen, missing=missing, standing=before.standing or missing)
    now = replace(before, seen=at, missing=False)
    if before.missing:  # it stood because nothing was known, which is over
        now = Watched(seen=at)
    beyond = (now.beyond or at) if rule.broken(value) else None
    within = (now.within or at) if rule.cleared(value) else None
    if now.standing:
        standing = within is None or at - within < rule.lasts
    else:
        standing = beyond is not None and at - beyond >= rule.lasts
    return replace(now, standing=standing, beyond=beyond, within=within)


def minutes(number: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


SYSTEM = (
    Rule(
        "disk", "disk", 92, 88, minutes(10),
        "The disk is nearly full", "{value:.0f} percent are in use. Free some space.",
    ),
    Rule(
        "memory", "memory", 95, 90, minutes(5),
        "Memory is nearly full", "{value:.0f} percent are in use. Close other programs.", absent=minutes(15),
    ),
    Rule(
        "slow", "loop_lag_ms", 1000, 300, minutes(3),
        "I am slow to answer", "Something holds me up for {value:,.0f} ms at a time.",
    ),
    Rule(
        "schedule", "schedule_late_min", 30, 5, minutes(2),
        "What is scheduled does not run", "The oldest waits for {value:,.0f} minutes; the log has the details.",
    ),
)  # fmt: skip
PRIVACY = (
    Rule(
        "violation", "refused_hour", 4, 2, minutes(0), "Again and again something was kept from leaving",
        "{value:.0f} requests in the last hour were refused: without your consent, or to a place that is closed. "
        "Say “what left this machine?”.",
    ),
    Rule(
        "stranger", "refused_hosts_new", 0, 0, minutes(0), "Something was kept from leaving to a new place",
        "{value:.0f} places that were never asked before, in the last hour. Say “what left this machine?”.",
    ),
    Rule(
        "outbound", "outbound_times_usual", 5, 2, minutes(0), "Unusually much left this machine",
        "{value:.0f} times as many requests as usual in the last hour. Say “what left this machine?”.",
    ),
)  # fmt: skip
SUCCESS, TARGET_S = 0.8, 30.0
"""Service levels of each agent: the part of its runs that go well, and seconds in which 95 of 100 are done."""


def service_levels(agents: dict[str, str]) -> tuple[Rule, ...]:
    """The rules of agents, by name with title."""
    return tuple(
        rule
        for name, title in agents.items()
        for rule in (
            Rule(
                f"success:{name}", f"agent.{name}.success", SUCCESS, SUCCESS + 0.1, minutes(5),
                f"{title} fails often", "Only {value:.0%} of its runs in a day went well.",
            ),
            Rule(
                f"latency:{name}", f"agent.{name}.p95_s", TARGET_S, TARGET_S * 0.7, minutes(5),
                f"{title} is slow", "One run in twenty takes {value:.0f} seconds or longer.",
            ),
        )
    )  # fmt: skip
