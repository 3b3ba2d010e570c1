"""Reads the dates of a job post: "posted 2 hours ago", "apply by 15 March", "deadline: 2026-03-15"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

_MONTHS = (
    "jan|januar|january", "feb|februar|february", "mar|märz|march", "apr|april", "mai|may", "jun|juni|june",
    "jul|juli|july", "aug|august", "sep|sept|september", "oct|okt|oktober|october", "nov|november",
    "dec|dez|dezember|december",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?({_MONTH})\b\.?,?(?:\s+(\d{{4}}))?", re.IGNORECASE
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b,?(?:\s+(\d{{4}}))?", re.IGNORECASE)
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


def find_date(text: str, today: date) -> date | None:
    """The first date in a text. Without a year it is the next one that is not half a year past."""
    if match := _ISO.search(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DOTTED.search(text):
        return _date(int(match[3]), int(match[2]), int(match[1]))
    if match := _DAY_FIRST.search(text):
        return _named(match[1], match[2], match[3], today)
    if match := _MONTH_FIRST.search(text):
        return _named(match[2], match[1], match[3], today)
    return None


def closing_date(text: str, today: date) -> date | None:
    """The day a post says it closes."""
    return next((day for match in _CLOSES.finditer(text) if (day := find_date(match[1], today))), None)


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


def _named(day: str, month: str, year: str | None, today: date) -> date | None:
    number = MONTHS[month.lower()]
    found = _date(int(year) if year else today.year, number, int(day))
    if found and not year and found < today - timedelta(days=180):
        return _date(today.year + 1, number, int(day))
    return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
