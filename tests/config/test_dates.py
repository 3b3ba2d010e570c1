"""Days as people write them, in figures and in the words of six languages."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.dates import ENGLISH_MONTHS, ENGLISH_WEEKDAYS, a_day, day_text, find_dates, month_of, written_dates
from config.paths import ROOT

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("2026-1-5", date(2026, 1, 5)),
        ("3.12.2026", date(2026, 12, 3)),
        ("3. 12. 2026", date(2026, 12, 3)),
        ("03.12.26", date(2026, 12, 3)),
        ("3/4/2026", date(2026, 4, 3)),
        ("04/30/2026", date(2026, 4, 30)),
        ("5 January 2027", date(2027, 1, 5)),
        ("2nd of Dec 2026", date(2026, 12, 2)),
        ("December 24th, 2026", date(2026, 12, 24)),
        ("Jan. 5, 2027", date(2027, 1, 5)),
        ("1. MÄRZ 2027", date(2027, 3, 1)),
        ("5 de enero de 2027", date(2027, 1, 5)),
        ("1er août 2027", date(2027, 8, 1)),
        ("14 luglio 2027", date(2027, 7, 14)),
        ("1º de maio de 2027", date(2027, 5, 1)),
    ],
)
def test_a_day_with_its_year_is_found_whole(text: str, day: date) -> None:
    sentence = f"It was due on {text}, they said"
    (found,) = written_dates(sentence)
    assert (found.date, sentence[found.start : found.end]) == (day, text)
    assert [one.date for one in find_dates(sentence, TODAY)] == [day]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5 January", date(2027, 1, 5)),
        ("5 October", date(2026, 10, 5)),
        ("Dec 24th", date(2026, 12, 24)),
        ("am 1. Mai", date(2027, 5, 1)),
    ],
)
def test_without_a_year_it_is_the_next_one_unless_just_past(text: str, day: date) -> None:
    assert [found.date for found in written_dates(text, TODAY)] == [day]
    assert written_dates(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("Tomorrow", date(2026, 11, 22)),
        ("yesterday", date(2026, 11, 20)),
        ("in 3 days", date(2026, 11, 24)),
        ("in 2 weeks", date(2026, 12, 5)),
        ("by Friday", date(2026, 11, 27)),
        ("next saturday", date(2026, 11, 28)),
        ("am Freitag", date(2026, 11, 27)),
        ("el miércoles", date(2026, 11, 25)),
        ("lunedì", date(2026, 11, 23)),
        ("na sexta-feira", date(2026, 11, 27)),
    ],
)
def test_a_day_told_from_today(text: str, day: date) -> None:
    assert [found.date for found in find_dates(text, TODAY)] == [day]
    assert written_dates(text, TODAY) == []


@pytest.mark.parametrize("text", ["30 February 2027", "2026-02-31", "31.4.2026", "in 999999 weeks"])
def test_a_day_that_does_not_exist_is_found_without_a_date(text: str) -> None:
    (found,) = find_dates(text, TODAY)
    assert (found.date, found.start, found.end) == (None, 0, len(text))


@pytest.mark.parametrize(
    "text",
    ["version 1.2.3", "in May", "March 2027", "call 040/123/2026", "10.0.0.12", "invoice 2026-0003", "3 out of 5"],
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text, TODAY) == []


def test_several_come_in_the_order_of_the_text() -> None:
    found = find_dates("tomorrow, on 5 January or 2026-12-01, else March 15, 2027", TODAY)
    assert [one.date for one in found] == [date(2026, 11, 22), date(2027, 1, 5), date(2026, 12, 1), date(2027, 3, 15)]


def test_a_number_before_a_full_date_is_not_its_day() -> None:
    assert [found.date for found in written_dates("Section 12 March 15, 2026")] == [date(2026, 3, 15)]


def test_months_are_known_by_name_and_short_name() -> None:
    assert [month_of(name) for name in ENGLISH_MONTHS] == list(range(1, 13))
    assert [month_of(name[:3].upper()) for name in ENGLISH_MONTHS] == list(range(1, 13))
    assert [month_of(word) for word in ("März", "okt.", "février", "settembre", "junho", "Monday")] == [
        3, 10, 2, 9, 6, None,
    ]  # fmt: skip


def test_weekdays_count_from_monday() -> None:
    assert [TODAY.fromisocalendar(2026, 47, number).strftime("%A").lower() for number in range(1, 8)] == list(
        ENGLISH_WEEKDAYS
    )


def test_a_day_is_in_the_calendar_or_none() -> None:
    assert a_day(2028, 2, 29) == date(2028, 2, 29)
    assert a_day(2027, 2, 29) is None


@given(st.dates(date(1000, 1, 1)))
def test_every_day_is_read_in_every_way_it_is_written(day: date) -> None:
    month = ENGLISH_MONTHS[day.month - 1]
    for text in (
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day} {month} {day.year}",
        f"{month[:3].title()} {day.day}, {day.year}",
    ):
        assert [found.date for found in written_dates(text)] == [day]


@given(st.one_of(st.text(max_size=200), st.text("0123456789./-, marſunday ", max_size=40)), st.dates())
def test_no_text_breaks_it(text: str, today: date) -> None:
    found = find_dates(text, today)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_a_day_is_written_without_a_zero_before_it_on_any_system() -> None:
    assert day_text(date(2026, 3, 4)) == "4 March 2026"
    assert day_text(datetime(2026, 11, 22, 9, 5), "%A, %-d %B at %H:%M") == "Sunday, 22 November at 09:05"


def test_no_source_asks_the_system_for_what_only_unix_can_write() -> None:
    sources = [
        path for folder in ("agents", "graph", "memory", "chainlit_app") for path in (ROOT / folder).rglob("*.py")
    ]
    assert len(sources) > 100
    assert [path.name for path in sources if re.search(r":[^{}\"']*%-[a-zA-Z]", path.read_text(encoding="utf-8"))] == []
