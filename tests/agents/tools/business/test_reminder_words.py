"""Days of reminders that are said by their number alone or from today on."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tools.business.reminder_words import day_of, in_figures

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on the 30th to file vat", date(2026, 11, 30)),
        ("on the 31st", date(2026, 12, 31)),
        ("meeting on 5.", date(2026, 12, 5)),
        ("remind me the 12 of pay", date(2026, 12, 12)),
        ("in three days", date(2026, 11, 24)),
        ("at the end of the month", date(2026, 11, 30)),
        ("about the 3 offers", None),
    ],
)
def test_a_day_is_told_from_its_number_or_from_today(text: str, day: date | None) -> None:
    assert day_of(in_figures(text), TODAY) == day


@given(st.integers(1, 31), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_next_such_day_lies_ahead_and_has_that_number(number: int, today: date) -> None:
    found = day_of(f"on the {number}th", today)
    assert found is not None
    assert found > today
    assert found.day == number
