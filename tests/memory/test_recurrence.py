"""What comes again: on the clock of a place over the changes of its clock, and counted when it was missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.recurrence import Recurrence, WrongRule

DAILY = "FREQ=DAILY;BYHOUR={};BYMINUTE={};BYSECOND=0"
BEGINS = datetime(2026, 1, 1)


def times(rule: str, zone: str, start: datetime, count: int) -> list[str]:
    """The next times after a local time, on the clock there, with its distance to UTC."""
    recurrence, found, time = Recurrence(rule, zone, BEGINS), [], start.replace(tzinfo=ZoneInfo(zone))
    for _ in range(count):
        following = recurrence.after(time)
        assert following is not None
        time = following
        found.append(f"{time.astimezone(ZoneInfo(zone)):%d %H:%M %z}")
    return found


@pytest.mark.parametrize(
    ("zone", "start", "wanted"),
    [
        ("Europe/Berlin", datetime(2026, 3, 27, 12), ["28 02:30 +0100", "29 03:30 +0200", "30 02:30 +0200"]),
        ("Europe/Berlin", datetime(2026, 10, 23, 12), ["24 02:30 +0200", "25 02:30 +0200", "26 02:30 +0100"]),
        ("America/New_York", datetime(2026, 3, 6, 12), ["07 02:30 -0500", "08 03:30 -0400", "09 02:30 -0400"]),
    ],
    ids=["a gap in Berlin", "an overlap in Berlin", "a gap in New York"],
)
def test_a_daily_time_over_a_change_of_clocks(zone: str, start: datetime, wanted: list[str]) -> None:
    assert times(DAILY.format(2, 30), zone, start, 3) == wanted


def test_a_time_that_comes_twice_in_new_york_counts_once() -> None:
    found = times(DAILY.format(1, 30), "America/New_York", datetime(2026, 10, 31, 0), 3)
    assert found == ["31 01:30 -0400", "01 01:30 -0400", "02 01:30 -0500"]


def test_hours_are_counted_as_they_pass_whatever_the_clock_is_set_to() -> None:
    hourly = Recurrence("FREQ=HOURLY;INTERVAL=2", "Europe/Berlin", datetime(2026, 3, 28, 22))
    time, found = datetime(2026, 3, 28, 20, tzinfo=UTC), []
    for _ in range(4):
        time = hourly.after(time) or time
        found.append(time)
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(hours=2)}


def test_weekdays_months_and_ends_are_those_of_calendars() -> None:
    weekdays = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=8;BYMINUTE=0;BYSECOND=0"
    assert times(weekdays, "Europe/Berlin", datetime(2026, 11, 20, 9), 2) == ["23 08:00 +0100", "24 08:00 +0100"]
    last_day = "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=18;BYMINUTE=0;BYSECOND=0"
    assert times(last_day, "UTC", datetime(2026, 2, 1), 2) == ["28 18:00 +0000", "31 18:00 +0000"]
    over = Recurrence("FREQ=DAILY;COUNT=2", "UTC", BEGINS)
    assert over.after(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2026, 1, 2, tzinfo=UTC)
    assert over.after(datetime(2026, 1, 2, tzinfo=UTC)) is None


def test_what_never_comes_is_given_up_and_what_comes_seldom_is_found() -> None:
    monday = datetime(2026, 11, 23, 9)
    assert Recurrence("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "UTC", monday).after(monday.replace(tzinfo=UTC)) is None
    seldom = Recurrence("FREQ=MONTHLY;INTERVAL=9;BYDAY=MO;BYMONTHDAY=28", "UTC", monday)
    assert seldom.after(monday.replace(tzinfo=UTC)) == datetime(2040, 5, 28, 9, tzinfo=UTC)


def test_what_comes_once_is_over_afterwards() -> None:
    once = Recurrence("", "Europe/Berlin", datetime(2026, 6, 1, 9))
    assert once.after(datetime(2026, 5, 1, tzinfo=UTC)) == datetime(2026, 6, 1, 7, tzinfo=UTC)
    assert once.after(datetime(2026, 6, 1, 7, tzinfo=UTC)) is None


def test_missed_times_are_counted() -> None:
    daily = Recurrence(DAILY.format(8, 0), "Europe/Berlin", BEGINS)
    friday = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert daily.between(friday, friday + timedelta(days=3)) == 3
    minutely = Recurrence("FREQ=MINUTELY", "UTC", BEGINS)
    assert minutely.between(friday, friday + timedelta(days=365)) == 10_000


@pytest.mark.parametrize(
    "rule",
    [
        "every day",
        "FREQ=DAILY\nDTSTART:20200101",
        "FREQ=DAILY;BYHOUR=99",
        "FREQ=HOURLY;BYHOUR=3",
        "FREQ=HOURLY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=0",
    ],
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(WrongRule):
        Recurrence(rule, "UTC", BEGINS).after(datetime(2026, 1, 1, tzinfo=UTC))


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.integers(0, 23),
    st.integers(0, 59),
    st.datetimes(datetime(2026, 1, 2), datetime(2028, 1, 1)),
)
def test_a_daily_rule_runs_exactly_once_each_day_of_the_place(zone: str, hour: int, minute: int, at: datetime) -> None:
    start = at.replace(tzinfo=UTC)
    recurrence = Recurrence(DAILY.format(hour, minute), zone, BEGINS)
    first = recurrence.after(start)
    assert first and start < first <= start + timedelta(hours=25)
    second = recurrence.after(first)
    assert second and timedelta(hours=22, minutes=59) <= second - first <= timedelta(hours=25, minutes=1)
    days = [time.astimezone(ZoneInfo(zone)).date() for time in (first, second)]
    assert days[1] - days[0] == timedelta(days=1)
