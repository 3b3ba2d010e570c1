"""Who does a step: the planned agent, or one that can stand in for it, whoever bids most.

bid = fit × success × (1 − load)

fit      1 for the planned agent, STAND_IN for one that stands in for it
success  (a + Σ wᵢ·wellᵢ) / (a + b + Σ wᵢ), the mean of a Beta(a, b) prior with the outcomes of the last WINDOW
         days, each of weight wᵢ = weightᵢ · 2^(−daysᵢ / HALF_LIFE)
load     n / (n + ROOM) with n steps that the agent is at work on now
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.deps import JobDied
from agents.spec import AgentSpec
from config.errors import Mendable
from integrations.http_errors import Resting, TimedOut, Unreachable
from integrations.models.backend import Busy, Gone, TooSlow
from memory.agent_runs import Failure, Outcome

STAND_IN = 0.6
PRIOR_WELL, PRIOR_ILL = 4.0, 1.0
"""What is thought of an agent that nobody has seen at work: four of five times well."""
HALF_LIFE, WINDOW = 7.0, 30.0
"""Days after which an outcome counts half, and after which it counts no more."""
ROOM = 4
PASSING = (JobDied, Busy, Gone, ConnectionError)
"""Failures of a moment that are worth another try at once."""
TRANSIENT = (*PASSING, Unreachable, TimedOut, Resting, TooSlow, TimeoutError)
"""All failures of a moment: the HTTP client has tried again by itself, and who was too slow would be so again."""


@dataclass(frozen=True)
class Bid:
    """What an agent offers for a step: `task` are the fields it would work on, each figure lies from 0 to 1."""

    agent: str
    task: Mapping[str, Any]
    fit: float
    success: float
    load: float

    @property
    def value(self) -> float:
        """How much it bids, from 0 to 1."""
        return self.fit * self.success * (1 - self.load)


@dataclass(frozen=True)
class Bidder:
    """An agent that can do a step, with the fields it would work on."""

    agent: str
    task: Mapping[str, Any]
    fit: float


def bidders(planned: str, task: Mapping[str, Any], agents: Mapping[str, AgentSpec]) -> list[Bidder]:
    """The planned agent, and those that can stand in for it at this task."""
    found = [Bidder(planned, task, 1.0)]
    for spec in agents.values():
        stand_in = spec.stands_in.get(planned)
        own = stand_in(task) if stand_in else None
        if own is not None:
            found.append(Bidder(spec.name, own, STAND_IN))
    return found


def bids(found: Sequence[Bidder], outcomes: Mapping[str, Iterable[Outcome]], running: Mapping[str, int]) -> list[Bid]:
    """The bids of bidders, the highest first; of equal ones the planned agent's."""
    made = [
        Bid(one.agent, one.task, one.fit, success(outcomes.get(one.agent, ())), load(running.get(one.agent, 0)))
        for one in found
    ]
    return sorted(made, key=lambda bid: -bid.value)


def success(outcomes: Iterable[Outcome]) -> float:
    """The share of steps an agent is thought to do well, between 0 and 1."""
    weights = [(one.weight * 2 ** (-one.days / HALF_LIFE), one.well) for one in outcomes if one.days <= WINDOW]
    well = sum(weight for weight, went_well in weights if went_well)
    return (PRIOR_WELL + well) / (PRIOR_WELL + PRIOR_ILL + sum(weight for weight, _ in weights))


def load(running: int) -> float:
    """How busy an agent is with so many steps, from 0 to below 1."""
    return running / (running + ROOM)


def failure_of(error: Exception) -> Failure:
    """What kind of failure an error is: of the moment, of the request, or a defect."""
    if isinstance(error, TRANSIENT) or _locked(error):
        return "transient"
    return "cannot" if isinstance(error, Mendable) else "unexpected"


def worth_another_try(error: Exception) -> bool:
    """Whether the same may go well when it is tried again at once."""
    return isinstance(error, PASSING) or _locked(error)


def _locked(error: Exception) -> bool:
    """Whether the database was busy with somebody else."""
    cause = getattr(error, "orig", error)
    return isinstance(cause, sqlite3.OperationalError) and "locked" in str(cause)
