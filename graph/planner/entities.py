"""The typed things in a sentence: money, rates, hours, percentages, dates, addresses, names in quotes.

Each is found by its own small grammar; a number that belongs to one of them is not offered again as a bare number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from memory.money import NUMBER as FIGURE
from memory.money import find_prices, parse_number

TIMES = frozenset({"h", "day", "week", "month", "year"})
PERCENT = re.compile(rf"(?P<n>{FIGURE})\s*(?:%|percent\b|per cent\b|prozent\b)", re.IGNORECASE)
HOURS = re.compile(
    rf"\b(?P<n>{FIGURE})\s*-?(?:hours?|hrs?|h|stunden?|std\.?|heures?|horas?|ore)(?:\s*(?P<m>\d{{1,2}})\s*(?:minutes?|mins?|m))?\b",
    re.IGNORECASE,
)
URL = re.compile(r"\bhttps?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]", re.IGNORECASE)
EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]{1,200})[\"“”»]|(?<!\w)'([^']{1,200})'(?!\w)")
NUMBER = re.compile(rf"(?<!-){FIGURE}(?![\w])")
ISO_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
DOTTED_DATE = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
MONTHS = {name: number for number, names in enumerate(
    ("january jan januar", "february feb februar", "march mar märz", "april apr", "may mai", "june jun juni",
     "july jul juli", "august aug", "september sep sept", "october oct oktober", "november nov",
     "december dec dezember"), 1)
    for name in names.split()}  # fmt: skip
NAMED_DATE = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?({'|'.join(MONTHS)})"
    rf"|({'|'.join(MONTHS)})\s+(\d{{1,2}})(?:st|nd|rd|th)?)\b,?(?:\s+(\d{{4}}))?",
    re.IGNORECASE,
)
WEEKDAYS = {
    name: number for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
RELATIVE_DATE = re.compile(
    rf"\b(today|tomorrow|yesterday|in (\d+) (days?|weeks?)|(?:(?:this|next|on|by|until)\s+)?({'|'.join(WEEKDAYS)}))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entities:
    """What a text holds, each list in order. `money` and `rates` are (amount, ISO code), a rate with its unit."""

    money: list[tuple[Decimal, str]] = field(default_factory=list)
    rates: list[tuple[Decimal, str, str]] = field(default_factory=list)
    hours: list[Decimal] = field(default_factory=list)
    percents: list[Decimal] = field(default_factory=list)
    numbers: list[Decimal] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)


def extract(text: str, today: date) -> Entities:
    """Find everything typed in a text."""
    taken: list[tuple[int, int]] = []
    found = Entities()

    def each(pattern: re.Pattern[str]) -> list[re.Match[str]]:
        hits = [hit for hit in pattern.finditer(text) if not any(a < hit.end() and hit.start() < b for a, b in taken)]
        taken.extend(hit.span() for hit in hits)
        return hits

    found.urls.extend(hit.group() for hit in each(URL))
    found.emails.extend(hit.group() for hit in each(EMAIL))
    found.dates.extend(day for day in _dates(each, today) if day)
    for price in find_prices(text):
        if not any(a < price.end and price.start < b for a, b in taken):
            taken.append((price.start, price.end))
            amount, code = price.money.amount, price.money.currency
            if price.unit in TIMES:
                found.rates.append((amount, code, price.unit))
            else:
                found.money.append((amount, code))
    found.percents.extend(parse_number(hit["n"]) for hit in each(PERCENT))
    found.hours.extend(parse_number(hit["n"]) + Decimal(hit["m"] or 0) / 60 for hit in each(HOURS))
    found.quoted.extend((hit[1] or hit[2]).strip() for hit in QUOTED.finditer(text))
    found.numbers.extend(parse_number(hit.group()) for hit in each(NUMBER))
    return found


def _dates(each: Any, today: date) -> list[date | None]:
    days = [_day(int(hit[1]), int(hit[2]), int(hit[3])) for hit in each(ISO_DATE)]
    days += [_day(int(hit[3]), int(hit[2]), int(hit[1])) for hit in each(DOTTED_DATE)]
    for hit in each(NAMED_DATE):
        month = MONTHS[(hit[2] or hit[3]).lower()]
        number = int(hit[1] or hit[4])
        day = _day(int(hit[5]) if hit[5] else today.year, month, number)
        if day and not hit[5] and day < today - timedelta(days=180):
            day = _day(today.year + 1, month, number)
        days.append(day)
    days += [_relative(hit, today) for hit in each(RELATIVE_DATE)]
    return days


def _relative(hit: re.Match[str], today: date) -> date:
    words = hit[1].lower()
    if words in {"today", "tomorrow", "yesterday"}:
        return today + timedelta(days={"today": 0, "tomorrow": 1, "yesterday": -1}[words])
    if hit[2]:
        return today + timedelta(days=int(hit[2]) * (7 if hit[3].lower().startswith("w") else 1))
    return today + timedelta(days=(WEEKDAYS[hit[4].lower()] - today.weekday() - 1) % 7 + 1)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
