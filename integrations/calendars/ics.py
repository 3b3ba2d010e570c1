"""Reads and writes iCalendar (RFC 5545). What is read is text from outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from config.errors import Mendable

LARGEST = 5 * 1024**2
MOST_EVENTS = 2_000
_TOO_OFTEN = re.compile(rb"FREQ=(?:SECONDLY|MINUTELY)|BYSECOND=", re.IGNORECASE)
PRODUCT = "-//FreelanceX//EN"


class BadCalendar(Mendable):
    """A file is no calendar that can be read; the message says what to do."""


@dataclass(frozen=True)
class Event:
    """Something at a time. A whole day has a `date` as its start and the day after its last as its end.

    Times carry their zone. `remind_minutes` before the start a calendar gives notice.
    """

    uid: str
    title: str
    start: datetime | date
    end: datetime | date
    place: str = ""
    notes: str = ""
    remind_minutes: int | None = None

    @property
    def whole_day(self) -> bool:
        return not isinstance(self.start, datetime)


def read_events(data: bytes, start: date, end: date) -> list[Event]:
    """The events between two days, `end` left out, in order; what recurs comes once for each time it takes place.

    A time without a zone is taken as one of this computer's. Slow for a large file: not for the event loop. Raises
    BadCalendar.
    """
    import icalendar
    import recurring_ical_events

    if len(data) > LARGEST:
        raise BadCalendar(f"That calendar is larger than {LARGEST // 1024**2} MB; export a shorter span of it.")
    if _TOO_OFTEN.search(data):
        raise BadCalendar("That calendar holds events that recur by the minute or second, which is more than is read.")
    try:
        calendar = icalendar.Calendar.from_ical(data)
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(start, end)
        events = [_event(one) for one in found[:MOST_EVENTS]]
    except Exception as error:  # the libraries raise whatever a damaged line leads to
        raise BadCalendar("That is no calendar file that can be read; export it again as iCalendar (.ics).") from error
    return sorted(events, key=begins)


def read_file(path: str, start: str, end: str) -> list[dict[str, Any]]:
    """The events of a file as JSON, their times written as ISO 8601. For a process of its own; see `read_events`."""
    return [
        as_json(one) for one in read_events(Path(path).read_bytes(), date.fromisoformat(start), date.fromisoformat(end))
    ]


def as_json(event: Event) -> dict[str, Any]:
    """An event with its times as ISO 8601."""
    return {**asdict(event), "start": event.start.isoformat(), "end": event.end.isoformat()}


def of_json(fields: Mapping[str, Any]) -> Event:
    """An event whose times are ISO 8601; those without a zone are this computer's. Raises ValueError."""
    return Event(**{**fields, "start": _time(fields["start"]), "end": _time(fields["end"])})


def _time(text: str) -> datetime | date:
    if len(text.strip()) <= len("2026-11-27"):
        return date.fromisoformat(text.strip())
    return datetime.fromisoformat(text.strip()).astimezone()


def write_event(event: Event, now: datetime) -> bytes:
    """A calendar with one event, to be imported anywhere or put on a server."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("dtstamp", now.astimezone(UTC))
    made.add("summary", event.title)
    made.add("dtstart", _written(event.start))
    made.add("dtend", _written(event.end))
    if event.place:
        made.add("location", event.place)
    if event.notes:
        made.add("description", event.notes)
    if event.remind_minutes is not None:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event.title)
        alarm.add("trigger", timedelta(minutes=-event.remind_minutes))
        made.add_component(alarm)
    calendar.add_component(made)
    data: bytes = calendar.to_ical()
    return data


def begins(event: Event) -> datetime:
    """When an event begins, comparable with all others: a whole day at its midnight here."""
    if isinstance(event.start, datetime):
        return event.start.astimezone(UTC)
    return datetime.combine(event.start, time.min).astimezone(UTC)


def _event(one: Any) -> Event:
    start = _zoned(one["DTSTART"].dt)
    end = (
        _zoned(one["DTEND"].dt)
        if "DTEND" in one
        else start + (one["DURATION"].dt if "DURATION" in one else _length(start))
    )
    return Event(
        uid=str(one.get("UID", "")),
        title=_line(one.get("SUMMARY")) or "No title",
        start=start,
        end=end,
        place=_line(one.get("LOCATION")),
        notes=str(one.get("DESCRIPTION", ""))[:2_000],
    )


def _length(start: datetime | date) -> timedelta:
    return timedelta() if isinstance(start, datetime) else timedelta(days=1)  # RFC 5545, 3.6.1


def _zoned(value: datetime | date) -> datetime | date:
    return value.astimezone() if isinstance(value, datetime) and value.tzinfo is None else value


def _written(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _line(value: Any) -> str:
    return " ".join(str(value or "").split())[:300]
