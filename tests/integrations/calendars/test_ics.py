"""Calendar files: read with what recurs, written so that any calendar takes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.calendars.ics import BadCalendar, Event, read_events, write_event

WEEKLY = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
BEGIN:VEVENT
UID:standup@example.com
DTSTAMP:20261101T080000Z
DTSTART;TZID=Europe/Berlin:20261019T090000
DTEND;TZID=Europe/Berlin:20261019T091500
RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4
EXDATE;TZID=Europe/Berlin:20261102T090000
SUMMARY:Stand-up with
  Acme
END:VEVENT
BEGIN:VEVENT
UID:deadline@example.com
DTSTAMP:20261101T080000Z
DTSTART;VALUE=DATE:20261027
SUMMARY:Deadline
LOCATION:Porto
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")
SPAN = (date(2026, 10, 19), date(2026, 11, 30))
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_what_recurs_keeps_its_local_time_when_the_clocks_change() -> None:
    meetings = [event for event in read_events(WEEKLY, *SPAN) if event.title == "Stand-up with Acme"]
    starts = [event.start.astimezone(UTC) for event in meetings if isinstance(event.start, datetime)]
    assert [(start.day, start.hour) for start in starts] == [(19, 7), (26, 8), (9, 8)]


def test_a_whole_day_ends_the_day_after() -> None:
    day = next(event for event in read_events(WEEKLY, *SPAN) if event.title == "Deadline")
    assert day.whole_day
    assert (day.start, day.end, day.place) == (date(2026, 10, 27), date(2026, 10, 28), "Porto")


def test_only_the_span_asked_for_is_read() -> None:
    assert read_events(WEEKLY, date(2027, 1, 1), date(2027, 2, 1)) == []


def test_a_rule_that_never_ends_is_read_for_the_span_alone() -> None:
    endless = WEEKLY.replace(b";BYDAY=MO;COUNT=4", b"")
    assert len(read_events(endless, date(2030, 1, 7), date(2030, 1, 22))) == 3


@given(st.text(min_size=1, max_size=80), st.integers(0, 24 * 365), st.integers(5, 600))
def test_an_event_written_is_the_event_read(title: str, hours: int, minutes: int) -> None:
    start = NOW + timedelta(hours=hours)
    event = Event("u1@x", title, start, start + timedelta(minutes=minutes), notes="Bring; the, plan\nand more")
    (read,) = read_events(write_event(event, NOW), start.date() - timedelta(days=1), start.date() + timedelta(days=2))
    assert read.title == (" ".join(title.split()) or "No title")
    assert (read.start, read.end, read.notes) == (event.start, event.end, event.notes)


def test_a_reminder_is_written_as_an_alarm() -> None:
    event = Event("u1@x", "Call", date(2026, 12, 1), date(2026, 12, 2), remind_minutes=30)
    assert b"TRIGGER:-PT30M" in write_event(event, NOW)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"BEGIN:VCALENDAR", b"\xff\xfe\x00", WEEKLY.replace(b"DTSTART;V", b"X")]
)
def test_what_is_no_calendar_is_one_sentence(data: bytes) -> None:
    try:
        assert isinstance(read_events(data, *SPAN), list)
    except BadCalendar as error:
        assert "export it again" in str(error)


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadCalendar, match="larger than 5 MB"):
        read_events(b"x" * (6 * 1024**2), *SPAN)


@pytest.mark.parametrize("rule", [b"FREQ=SECONDLY", b"FREQ=MINUTELY", b"FREQ=HOURLY;BYSECOND=0,1,2,3"])
def test_rules_that_would_fill_the_memory_are_refused_before_they_are_followed(rule: bytes) -> None:
    with pytest.raises(BadCalendar, match="by the minute or second"):
        read_events(WEEKLY.replace(b"FREQ=WEEKLY;BYDAY=MO;COUNT=4", rule), *SPAN)
