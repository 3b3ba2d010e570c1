"""Which numbers a text states, so that what a model writes can be held against what was found.

    "about 1.2k € by 12 May"  ──▶  1200 EUR, 2026-05-12

A number reads as `memory.money` reads it, and the same way on both sides: ``1,200.50`` is ``1.200,50``. Every digit of
a text is part of some number here, so that none goes unchecked. A date counts as one, and its parts are held with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agents.tools.calculation.numbers import COUNT, COUNTS
from config.dates import written_dates
from memory.money import BEFORE, CURRENCY, SCALE, currency_of, parse_number, scale_of

_GROUP = r"[ '’\u00a0\u202f]"
_DIGITS = rf"\d{{1,3}}(?:(?:{_GROUP}\d{{3}})+|(?:[.,]\d{{3}})+)(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_PERCENT = r"%|(?i:per ?cent|prozent)\b"
_NUMBER = re.compile(
    rf"(?:(?P<before>{BEFORE})\s?)?(?P<digits>{_DIGITS})(?P<scale>{SCALE})?"
    rf"(?:\s?(?:(?P<percent>{_PERCENT})|(?P<after>{CURRENCY})))?"
)
_SIZES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9}
_WORD = re.compile(
    rf"\b(?:(?P<count>{COUNT})(?:[\s-]+(?P<size>{'|'.join(_SIZES)})\b)?(?:\s+(?P<more>thousand|million|billion)\b)?"
    rf"|(?P<bare>{'|'.join(_SIZES)}))(?!\w)(?:\s?(?:(?P<percent>{_PERCENT})|(?P<after>{CURRENCY})))?",
    re.IGNORECASE,
)
PERCENT = "%"


@dataclass(frozen=True)
class Stated:
    """A number as it is written, with its value and what it is a number of: an ISO code, "%", "date", or nothing."""

    text: str
    value: Decimal | date
    unit: str = ""


def stated(text: str, today: date) -> list[Stated]:
    """Every number a text states, in figures or in English words; dates first."""
    text = unicodedata.normalize("NFKC", text)
    days = [day for day in written_dates(text, today) if day.date]
    found = [Stated(text[day.start : day.end], day.date, "date") for day in days if day.date]
    for day in reversed(days):
        text = f"{text[: day.start]} ; {text[day.end :]}"
    return found + _figures(text) + _words(_NUMBER.sub(" ; ", text))


class Held:
    """The numbers that may be said: those of the findings and of the user's own words."""

    def __init__(self, texts: Iterable[str], today: date, counts: Iterable[int] = ()) -> None:
        """`counts` are numbers of things found, such as rows, that stand nowhere as figures."""
        self._today = today
        self._units: dict[Decimal | date, set[str]] = {Decimal(count): {""} for count in counts}
        for text in texts:
            for one in stated(text, today):
                self._units.setdefault(one.value, set()).add(one.unit)
                if isinstance(one.value, date):
                    for part in (one.value.year, one.value.month, one.value.day):
                        self._units.setdefault(Decimal(part), set()).add("")

    def lacks(self, text: str) -> list[str]:
        """The numbers of a text that are not held, as they are written, each once."""
        return list(dict.fromkeys(one.text for one in stated(text, self._today) if not self._holds(one)))

    def _holds(self, one: Stated) -> bool:
        units = self._units.get(one.value)
        return units is not None and (not one.unit or one.unit in units or "" in units)


def _figures(text: str) -> list[Stated]:
    found = []
    for match in _NUMBER.finditer(text):
        mark = match["before"] or match["after"]
        value = parse_number(match["digits"]) * scale_of(match["scale"])
        unit = PERCENT if match["percent"] else currency_of(mark) if mark else ""
        found.append(Stated(match[0].strip(), value, unit))
    return found


def _words(text: str) -> list[Stated]:
    found = []
    for match in _WORD.finditer(text):
        count, sizes = match["count"], (match["size"] or match["bare"], match["more"])
        if count and count.lower() == "one" and not any(sizes):
            continue  # a pronoun far more often than a number
        value = Decimal(COUNTS[count.lower()] if count else 1)
        for size in filter(None, sizes):
            value *= _SIZES[size.lower()]
        unit = PERCENT if match["percent"] else currency_of(match["after"]) if match["after"] else ""
        found.append(Stated(match[0].strip(), value, unit))
    return found
