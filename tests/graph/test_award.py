"""Whoever bids most does a step: fit × success × (1 − load)."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from agents.deps import JobDied, JobError
from agents.spec import AgentError, AgentSpec
from graph.award import HALF_LIFE, STAND_IN, WINDOW, Bidder, bidders, bids, failure_of, load, success, worth_another_try
from integrations.http_errors import Unreachable
from integrations.models.backend import Busy, TooLong, TooSlow
from memory.agent_runs import Outcome

OUTCOMES = st.lists(st.builds(Outcome, st.booleans(), st.floats(0, 60)), max_size=30)
PLANNED, OTHER = Bidder("planned", {}, 1.0), Bidder("other", {}, STAND_IN)


@given(OUTCOMES, st.integers(0, 50), st.floats(0, 1))
def test_every_bid_lies_between_nothing_and_one(outcomes: list[Outcome], running: int, fit: float) -> None:
    (bid,) = bids([Bidder("a", {}, fit)], {"a": outcomes}, {"a": running})
    assert 0 <= bid.value <= 1


@given(OUTCOMES, st.floats(0, WINDOW))
def test_a_success_never_lowers_and_a_failure_never_raises_what_is_thought_of_an_agent(
    outcomes: list[Outcome], days: float
) -> None:
    before = success(outcomes)
    assert success([*outcomes, Outcome(True, days)]) >= before >= success([*outcomes, Outcome(False, days)])


@given(st.floats(0, WINDOW), st.floats(0, WINDOW))
def test_a_newer_failure_counts_more_than_an_older_one(one: float, other: float) -> None:
    newer, older = sorted((one, other))
    assert success([Outcome(False, newer)]) <= success([Outcome(False, older)])


def test_an_outcome_counts_half_after_its_half_life_and_nothing_after_the_window() -> None:
    assert success([Outcome(False, HALF_LIFE)] * 2) == pytest.approx(success([Outcome(False, 0)]))
    assert success([Outcome(False, WINDOW + 1)] * 50) == success([])


@given(st.integers(0, 100))
def test_more_work_means_more_load_and_never_all_of_it(running: int) -> None:
    assert load(running) < load(running + 1) < 1


def test_the_planned_agent_does_it_unless_it_failed_often_lately() -> None:
    fresh = bids([PLANNED, OTHER], {}, {})
    assert [bid.agent for bid in fresh] == ["planned", "other"]
    failing = bids([PLANNED, OTHER], {"planned": [Outcome(False, 0)] * 6, "other": [Outcome(True, 0)] * 6}, {})
    assert [bid.agent for bid in failing] == ["other", "planned"]


def test_only_who_says_it_can_stand_in_for_such_a_task_bids(team: dict[str, AgentSpec]) -> None:
    from dataclasses import replace

    sure = replace(team["water"], stands_in={"plant": lambda task: {"tree": task["words"]} if task["words"] else None})
    agents = {**team, "water": sure}
    assert bidders("plant", {"words": "oak"}, agents) == [
        Bidder("plant", {"words": "oak"}, 1.0),
        Bidder("water", {"tree": "oak"}, STAND_IN),
    ]
    assert [one.agent for one in bidders("plant", {"words": ""}, agents)] == ["plant"]
    assert [one.agent for one in bidders("sell", {"words": "oak"}, agents)] == ["sell"]


@pytest.mark.parametrize(
    ("error", "kind", "again"),
    [
        (AgentError("Attach a file."), "cannot", False),
        (JobError("The table has no rows."), "cannot", False),
        (TooLong("Too long."), "cannot", False),
        (JobDied("It ended."), "transient", True),
        (Busy("Busy."), "transient", True),
        (OperationalError("", {}, sqlite3.OperationalError("database is locked")), "transient", True),
        (TooSlow("Slow."), "transient", False),
        (Unreachable("No such host."), "transient", False),
        (TimeoutError(), "transient", False),
        (KeyError("x"), "unexpected", False),
        (OperationalError("", {}, sqlite3.OperationalError("no such table")), "unexpected", False),
    ],
)
def test_a_failure_is_of_the_request_of_the_moment_or_a_defect(error: Exception, kind: str, again: bool) -> None:
    assert (failure_of(error), worth_another_try(error)) == (kind, again)
