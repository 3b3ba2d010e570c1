"""The typed things in a sentence: money, rates, hours, percentages, dates, addresses, names in quotes.

Each is found by its own small grammar; a number that belongs to one of them is not offered again as a bare number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN", "kč": "CZK", "r$": "BRL"}
CODES = (
    "EUR USD GBP CHF JPY CNY INR CAD AUD NZD SEK NOK DKK PLN CZK HUF RON BGN BRL MXN ZAR TRY AED SGD HKD THB PKR"
).split()
WORDS = {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "bucks": "USD", "pound": "GBP",
         "pounds": "GBP", "francs": "CHF", "rupees": "INR", "yen": "JPY"}  # fmt: skip

_NUMBER = r"\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_SIGN = "|".join(re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True))
_CODE = "|".join(CODES) + "|" + "|".join(WORDS)
_UNIT = r"(?P<unit>hours?|hrs?|h|stunden?|std|heures?|horas?|ore|days?|d|weeks?|months?|years?|pcm|pa|p\.a\.)"
MONEY = re.compile(
    rf"(?:(?P<before>{_SIGN}|\b(?:{_CODE})\b)\s*(?P<a>{_NUMBER})(?P<ka>k\b)?"
    rf"|(?P<b>{_NUMBER})(?P<kb>k)?\s*(?P<after>{_SIGN}|\b(?:{_CODE})\b))"
    rf"(?:(?:\s*/\s*|\s+(?:per|an?|pro|each|par|por)\s+){_UNIT}\b)?",
    re.IGNORECASE,
)
PERCENT = re.compile(rf"(?P<n>{_NUMBER})\s*(?:%|percent\b|per cent\b|prozent\b)", re.IGNORECASE)
HOURS = re.compile(
    rf"\b(?P<n>{_NUMBER})\s*-?(?:hours?|hrs?|h|stunden?|std\.?|heures?|horas?|ore)(?:\s*(?P<m>\d{{1,2}})\s*(?:minutes?|mins?|m))?\b",
    re.IGNORECASE,
)
URL = re.compile(r"\bhttps?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]", re.IGNORECASE)
EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]{1,200})[\"“”»]|(?<!\w)'([^']{1,200})'(?!\w)")
NUMBER = re.compile(rf"(?<![\w.,-])(?:{_NUMBER})(?![\w])")
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


def decimal(text: str) -> Decimal:
    """A number as people write it: ``1,234.50``, ``1.234,50``, ``1 234,5``, ``12,5``. Raises ValueError."""
    digits = re.sub(r"[ '’]", "", text)
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma > dot:
        thousands = dot == -1 and re.fullmatch(r"\d{1,3}(,\d{3})+", digits)
        digits = digits.replace(",", "") if thousands else digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", digits):
        digits = digits.replace(".", "")
    else:
        digits = digits.replace(",", "")
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise ValueError(f"'{text}' is not a number") from None


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
    for hit in each(MONEY):
        amount = decimal(hit["a"] or hit["b"]) * (1000 if hit["ka"] or hit["kb"] else 1)
        sign = (hit["before"] or hit["after"]).lower()
        code = CURRENCIES.get(sign) or WORDS.get(sign) or sign.upper()
        if hit["unit"]:
            found.rates.append((amount, code, _unit(hit["unit"])))
        else:
            found.money.append((amount, code))
    found.percents.extend(decimal(hit["n"]) for hit in each(PERCENT))
    found.hours.extend(decimal(hit["n"]) + Decimal(hit["m"] or 0) / 60 for hit in each(HOURS))
    found.quoted.extend((hit[1] or hit[2]).strip() for hit in QUOTED.finditer(text))
    found.numbers.extend(decimal(hit.group()) for hit in each(NUMBER))
    return found


def _unit(word: str) -> str:
    first = word.lower()[0]
    if word.lower() in {"pa", "p.a."} or first == "y":
        return "year"
    if word.lower() == "pcm" or first == "m":
        return "month"
    return {"d": "day", "w": "week"}.get(first, "h")


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
