"""An alert begins when a figure stays beyond its limit, ends when it stays well within, and never flaps between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts import PRIVACY, SYSTEM, Rule, Watched, minutes, service_levels, step

START = datetime(2026, 11, 21, tzinfo=UTC)
HIGH = Rule("disk", "disk", 90, 80, minutes(3), "t", "x")
LOW = Rule("success", "success", 0.8, 0.9, minutes(3), "t", "x")
SEEN = Rule("memory", "memory", 90, 80, minutes(3), "t", "x", absent=minutes(5))


def watch(rule: Rule, values: list[float | None]) -> list[bool]:
    """Whether the alert stands after each minute's value."""
    state, found = Watched(), []
    for number, value in enumerate(values):
        state = step(rule, state, value, START + timedelta(minutes=number))
        found.append(state.standing)
    return found


def test_it_begins_when_the_limit_was_crossed_for_long_enough() -> None:
    assert watch(HIGH, [95, 95, 95, 95]) == [False, False, False, True]
    assert watch(HIGH, [95, 95, 85, 95, 95, 95]) == [False] * 6


def test_between_the_limits_it_stays_as_it_is_and_ends_well_within() -> None:
    began = [95.0] * 4
    assert watch(HIGH, [*began, 85, 85, 85, 85])[-1]
    assert watch(HIGH, [*began, 70, 70, 70, 70])[-4:] == [True, True, True, False]
    assert watch(HIGH, [*began, 70, 85, 70, 70, 70])[-1]


def test_a_figure_that_may_not_fall_is_watched_the_other_way_round() -> None:
    assert watch(LOW, [0.7, 0.7, 0.7, 0.7])[-1]
    assert not watch(LOW, [0.7] * 4 + [0.95] * 4)[-1]
    assert watch(LOW, [0.7] * 4 + [0.85] * 9)[-1]


def test_a_figure_that_is_missing_is_a_reason_only_where_the_rule_says_so() -> None:
    silence: list[float | None] = [50, None, None, None, None, None, None]
    assert watch(SEEN, silence)[-2:] == [True, True]
    assert not any(watch(HIGH, silence))
    assert not watch(SEEN, [*silence, 50])[-1]
    assert not any(watch(SEEN, [None, None, 50, None]))


def test_a_limit_without_waiting_counts_at_once() -> None:
    stranger = next(rule for rule in PRIVACY if rule.name == "stranger")
    assert watch(stranger, [0, 1, 2, 0]) == [False, True, True, False]


def test_one_request_that_was_refused_is_no_alert_and_several_in_an_hour_are() -> None:
    violation = next(rule for rule in PRIVACY if rule.name == "violation")
    assert watch(violation, [1, 4, 5, 3, 2]) == [False, False, True, True, False]


values = st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=1, max_size=60)


@given(values, st.sampled_from([HIGH, SEEN]))
def test_an_alert_needs_its_whole_time_beyond_and_its_whole_time_within(said: list[float | None], rule: Rule) -> None:
    found = watch(rule, said)
    lasts = int(rule.lasts / timedelta(minutes=1))
    missing = [
        all(value is None for value in said[max(0, number - 4) : number + 1]) for number in range(len(said))
    ]  # fmt: skip
    for number, (before, now) in enumerate(pairwise([False, *found])):
        recent = [value for value in said[: number + 1] if value is not None]
        if now and not before and not missing[number]:
            assert said[number] is not None and all(value > rule.over for value in recent[-1:])
            assert not any(value is not None and value <= rule.over for value in said[number - lasts : number + 1])
        if before and not now:
            last = said[number]
            assert last is not None and last <= rule.over


@given(st.lists(st.floats(80.01, 100), min_size=1, max_size=60))
def test_it_begins_at_most_once_while_the_figure_never_gets_well_within(said: list[float]) -> None:
    assert sum(now and not before for before, now in pairwise([False, *watch(HIGH, list(said))])) <= 1


@pytest.mark.parametrize("rule", [*SYSTEM, *PRIVACY, *service_levels({"math": "Math"})], ids=lambda rule: rule.name)
def test_every_rule_can_stand_end_and_be_said(rule: Rule) -> None:
    down = rule.clears > rule.over
    beyond, within = (rule.over / 2, rule.clears) if down else (rule.over + 1, rule.clears)
    found = watch(rule, [beyond] * 15 + [within] * 15)
    assert any(found) and not found[-1]
    assert "{" not in rule.text.format(value=beyond)
