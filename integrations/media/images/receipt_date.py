"""The day on a receipt: dates in seven languages, told apart by the words beside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from integrations.media.images.receipt_words import DATED, DUE, MONTHS

OLDEST_YEARS = 15
_NUMBERS = re.compile(r"(?<![\d.,])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(20\d\d|\d\d)(?!\d)")
_ISO = re.compile(r"(?<!\d)(20\d\d)\s?([-./])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d{2}[.,])")
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[.\s-]*(?:de\s*)?([a-z]{3,10})\.?,?[\s.-]*(?:de\s*)?(20\d\d|\d\d)(?!\d)"
)
_MONTH_FIRST = re.compile(r"([a-z]{3,10})\.?\s*(\d{1,2})(?:st|nd|rd|th)?\s*,?\s*(20\d\d)(?!\d)")


@dataclass(frozen=True)
class _Seen:
    day: date
    weight: int
    sure: bool


def date_of(texts: Iterable[str], today: date, *, american: bool = False) -> tuple[date | None, bool]:
    """The day a receipt is of, and whether day and month cannot be the other way round.

    With `american`, months come first in what is written with slashes. Days to come and very old ones are passed over.
    """
    best: _Seen | None = None
    for text in texts:
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        for seen in _dates(plain, american):
            if not today - timedelta(days=366 * OLDEST_YEARS) < seen.day <= today + timedelta(days=1):
                continue
            if best is None or seen.weight > best.weight:
                best = seen
    return (best.day, best.sure) if best else (None, False)


def _dates(text: str, american: bool) -> Iterator[_Seen]:
    for pattern, read in ((_ISO, _iso), (_NUMBERS, _numbers), (_DAY_FIRST, _day_first), (_MONTH_FIRST, _month_first)):
        for match in pattern.finditer(text):
            parts = read(match, american)
            if parts is None:
                continue
            year, month, day, sure = parts
            try:
                found = date(year + 2000 if year < 100 else year, month, day)
            except ValueError:
                continue
            before = text[: match.start()]
            weight = -2 if DUE.search(before) else 2 if DATED.search(before[-30:]) else 0
            yield _Seen(found, weight, sure)


_Parts = tuple[int, int, int, bool] | None


def _iso(match: re.Match[str], american: bool) -> _Parts:
    return int(match[1]), int(match[3]), int(match[4]), True


def _numbers(match: re.Match[str], american: bool) -> _Parts:
    one, other, year = int(match[1]), int(match[3]), int(match[4])
    if one > 12 or other > 12:
        day, month = (one, other) if one > 12 else (other, one)
        return year, month, day, True
    day, month = (other, one) if american and match[2] != "." else (one, other)
    return year, month, day, one == other or match[2] == "." or american


def _day_first(match: re.Match[str], american: bool) -> _Parts:
    month = MONTHS.get(match[2])
    return (int(match[3]), month, int(match[1]), True) if month else None


def _month_first(match: re.Match[str], american: bool) -> _Parts:
    month = MONTHS.get(match[1])
    return (int(match[3]), month, int(match[2]), True) if month else None
