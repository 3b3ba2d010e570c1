"""Who fails again and again is left alone for a while, then tried once."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from graph.breaker import FAILURES, MOST_REST, REST, Breaker


@dataclass
class Clock:
    at: float = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def broken(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.allows("a")
        breaker.note("a", well=False, reason="no disk")
    return breaker


def test_after_some_failures_in_a_row_an_agent_is_kept_out_and_no_other(broken: Breaker) -> None:
    assert broken.position("a") == "open" and not broken.allows("a")
    assert broken.position("b") == "closed" and broken.allows("b")
    assert broken.rest_of("a") == (REST, "no disk")


def test_a_success_in_between_starts_the_count_anew(clock: Clock) -> None:
    breaker = Breaker(clock)
    for well in [False] * (FAILURES - 1) + [True] + [False] * (FAILURES - 1):
        breaker.note("a", well=well)
    assert breaker.allows("a")


def test_after_its_rest_it_is_tried_once(broken: Breaker, clock: Clock) -> None:
    clock.at += REST
    assert broken.position("a") == "half-open"
    assert [broken.allows("a") for _ in range(3)] == [True, False, False]


def test_a_try_that_goes_well_lets_it_in_again(broken: Breaker, clock: Clock) -> None:
    clock.at += REST
    assert broken.allows("a")
    broken.note("a", well=True)
    assert broken.position("a") == "closed" and broken.allows("a") and broken.allows("a")


def test_a_try_that_fails_doubles_its_rest_up_to_a_limit(broken: Breaker, clock: Clock) -> None:
    rests = []
    for _ in range(8):
        clock.at += broken.rest_of("a")[0]
        assert broken.allows("a")
        broken.note("a", well=False)
        rests.append(broken.rest_of("a")[0])
    assert rests[:2] == [2 * REST, 4 * REST] and rests[-1] == MOST_REST


def test_a_try_that_was_stopped_leaves_its_place_to_the_next(broken: Breaker, clock: Clock) -> None:
    clock.at += REST
    assert broken.allows("a") and not broken.allows("a")
    broken.leave("a")
    assert broken.allows("a")
