"""How far to look ahead: from the user's words, or what the length of the history bears."""

from __future__ import annotations

import re

from automl.errors import DataError
from automl.series.panel import NAMES, STEPS_DAYS

UNITS = {
    "hour": 1 / 24, "hours": 1 / 24, "day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0, "month": 30.4,
    "months": 30.4, "quarter": 91.3, "quarters": 91.3, "year": 365.25, "years": 365.25, "stunden": 1 / 24,
    "stunde": 1 / 24, "tage": 1.0, "tag": 1.0, "tagen": 1.0, "wochen": 7.0, "woche": 7.0, "monate": 30.4,
    "monat": 30.4, "monaten": 30.4, "quartal": 91.3, "quartale": 91.3, "jahr": 365.25, "jahre": 365.25,
}  # fmt: skip
COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
WORDS = re.compile(
    rf"\b(?:next|coming|following|nächste[nrs]?|kommende[nrs]?|for)\s+"
    rf"(?:(?P<count>\d{{1,4}}|{'|'.join(COUNTS)})\s+)?(?P<unit>{_UNIT})\b"
    rf"|\b(?P<ahead>\d{{1,4}}|{'|'.join(COUNTS)})\s+(?P<unit2>{_UNIT})\s+(?:ahead|out|into the future|voraus)\b"
    rf"|\b(?:steps|horizon)\s*(?:of|=|:)?\s*(?P<steps>\d{{1,4}})\b",
    re.IGNORECASE,
)
USUAL = {"h": 24, "D": 28, "B": 20, "W": 8, "MS": 6, "QS": 4, "YS": 3}
SHARE = 6
"""The horizon is at most one part of this many of the history."""
MOST_STEPS = 400


def horizon(words: str, step: str, length: int) -> tuple[int, str]:
    """Steps to forecast, and why so many. Raises DataError when the history is too short for what is asked."""
    most = max(1, length // 3)
    asked = said(words, step)
    if asked is None:
        steps = max(1, min(USUAL[step], length // SHARE))
        return steps, f"{_count(steps, step)} are forecast, which {_count(length, step)} of history bear"
    if asked > min(most, MOST_STEPS):
        told = f"{_count(length, step)} of history are too few to forecast {_count(asked, step)}"
        raise DataError(f"{told}; ask for at most {_count(min(most, MOST_STEPS), step)}.")
    return asked, f"you asked for the next {_count(asked, step)}"


def said(words: str, step: str) -> int | None:
    """The steps that the words ask for; None when they ask for none."""
    found = WORDS.search(words)
    if found is None:
        return None
    if found["steps"]:
        return max(1, int(found["steps"]))
    unit, count = found["unit"] or found["unit2"], (found["count"] or found["ahead"] or "1").lower()
    number = COUNTS.index(count) + 1 if count in COUNTS else int(count)
    return max(1, round(number * UNITS[unit.lower()] / STEPS_DAYS[step] - 0.05))


def _count(steps: int, step: str) -> str:
    return f"{steps:,} {NAMES[step]}{'s' if steps != 1 else ''}"
