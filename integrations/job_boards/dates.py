"""Reads the dates of a job post: "posted 2 hours ago", "apply by 15 March", "deadline: 2026-03-15"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from config.dates import written_dates

_AGO = re.compile(
    r"\b(?:(?:posted|published|renewed|reposted|listed)\b[:\s]*(just now|today|yesterday|last (?:month|week))"
    r"|(\d+|an?|one)\+?\s*(minute|min|hour|hr|h|day|d|week|wk|w|month|mo)s?\s+ago)\b",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"\b(?:deadline|apply (?:by|before|until)|applications? close[sd]?(?: on)?|closing date|closes(?: on)?|"
    r"bewerbungsfrist|bewerbungsschluss|proposals? (?:due|by)|bid(?:ding)? (?:ends|closes))\b(.{4,60})",
    re.IGNORECASE,
)
_DAYS = {"m": 0, "h": 0, "d": 1, "w": 7}


def closing_date(text: str, today: date) -> date | None:
    """The day a post says it closes; words such as "on Friday" do not count, as they were said on another day."""
    first = (next(iter(written_dates(match[1], today)), None) for match in _CLOSES.finditer(text))
    return next((found.date for found in first if found and found.date), None)


def posted_at(text: str, today: date) -> datetime | None:
    """When a post says it was posted, by the day."""
    match = _AGO.search(text)
    if match is None:
        return None
    if match[1]:
        days = {"yesterday": 1, "last week": 7, "last month": 30}.get(match[1].lower(), 0)
    else:
        count = int(match[2]) if match[2].isdigit() else 1
        unit = match[3].lower()
        days = min(count, 2000) * (30 if unit.startswith("mo") else _DAYS[unit[0]])
    return datetime.combine(today - timedelta(days=days), time(12), UTC)
