"""Days as people write them: names of months and weekdays in six languages, and the dates in a text.

It lives in the leftmost package because a job board, a document, an invoice and a plain message all have to read dates
alike, and packages that may not import each other share only this one. It knows no setting and no other module.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_MONTH_WORDS = (
    "january januar jänner enero janvier gennaio janeiro jan janv ene",
    "february februar febrero février fevrier febbraio fevereiro feb févr fev",
    "march märz maerz marzo mars março marco mar mär",
    "april abril avril aprile apr abr avr",
    "may mai mayo maggio maio",
    "june juni junio juin giugno junho jun",
    "july juli julio juillet luglio julho jul juil",
    "august agosto août aout aug",
    "september septiembre setiembre septembre settembre setembro sep sept",
    "october oktober octubre octobre ottobre outubro oct okt ott",
    "november noviembre novembre novembro nov",
    "december dezember diciembre décembre decembre dicembre dezembro dec dez dic déc",
)  # "set", "out", "ago", "mag" and "gen" are left out: they are English words, and stand behind numbers
MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}
"""Names and short names of months in English, German, Spanish, French, Italian and Portuguese: 1 to 12."""
ENGLISH_MONTHS = tuple(words.split()[0] for words in _MONTH_WORDS)
_WEEKDAY_WORDS = (
    "monday montag lunes lundi lunedì segunda-feira",
    "tuesday dienstag martes mardi martedì terça-feira",
    "wednesday mittwoch miércoles miercoles mercredi mercoledì quarta-feira",
    "thursday donnerstag jueves jeudi giovedì quinta-feira",
    "friday freitag viernes vendredi venerdì sexta-feira",
    "saturday samstag sonnabend sábado sabado samedi sabato",
    "sunday sonntag domingo dimanche domenica",
)
WEEKDAYS = {word: number for number, words in enumerate(_WEEKDAY_WORDS) for word in words.split()}
"""Names of weekdays in the same languages: Monday is 0, as in `datetime`."""
ENGLISH_WEEKDAYS = tuple(words.split()[0] for words in _WEEKDAY_WORDS)

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?P<{0}>\d{{4}})(?!\d)"
WRITTEN = (
    r"(?:(?<!\d)(?P<iso_year>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})(?!\d)"
    r"|(?<![\d.])(?P<dot_day>\d{1,2})\.\s?(?P<dot_month>\d{1,2})\.\s?(?P<dot_year>\d{4}|\d{2})(?!\.?\d)"
    rf"|(?<![\d/])(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR.format('slash_year')}"
    r"|(?<!\w)(?<!\d[.,])(?P<day_before>\d{1,2})(?:st|nd|rd|th|er|[º°.])?\s+(?:(?:of|de|di)\s+)?"
    rf"(?P<month_behind>{_MONTH})\b(?!\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})(?:\.?,?\s+(?:del?\s+)?{_YEAR.format('year_last')})?"
    rf"|\b(?P<month_before>{_MONTH})\b\.?\s+(?P<day_behind>\d{{1,2}})(?:st|nd|rd|th)?\b"
    rf"(?:,?\s+{_YEAR.format('year_behind')})?)"
)
"""A day in figures or with its month's name, to be part of a larger pattern that ignores case; see `day_parts`."""
_WRITTEN = re.compile(WRITTEN, re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:(?P<word>today|tomorrow|yesterday)|in (?P<count>\d{1,6}) (?P<unit>days?|weeks?)|"
    rf"(?:(?:this|next|on|by|until)\s+)?(?P<weekday>{'|'.join(WEEKDAYS)}))\b",
    re.IGNORECASE,
)
_WORDS = {"today": 0, "tomorrow": 1, "yesterday": -1}
_HALF_A_YEAR = dt.timedelta(days=180)


@dataclass(frozen=True)
class Found:
    """A day at `start` to `end` of a text; `date` is None for what is written as one and is none: 30 February."""

    date: dt.date | None
    start: int
    end: int


def day_text(day: dt.date, form: str = "%-d %B %Y") -> str:
    """A day or moment in the form of `strftime`, where ``%-d``, a day without a zero before it, works everywhere.

    Windows knows no such sign, and spells it otherwise.
    """
    return day.strftime(form.replace("%-d", str(day.day)))


def month_of(word: str) -> int | None:
    """The number of a month by its name or short name, whatever its case: ``März`` is 3."""
    return MONTHS.get(word.casefold().rstrip("."))


def a_day(year: int, month: int, day: int) -> dt.date | None:
    """That day, or None when the calendar has no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def day_parts(match: re.Match[str]) -> tuple[int | None, int, int]:
    """Year (None where it is not said), month and day of a match of `WRITTEN`; not every such day exists.

    ``3/4/2026`` is the third of April, and ``4/30/2026`` the thirtieth, since there is no thirtieth month.
    """
    if match["iso_year"]:
        return int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])
    if match["dot_year"]:
        year = int(match["dot_year"])
        return year + (2000 if len(match["dot_year"]) == 2 else 0), int(match["dot_month"]), int(match["dot_day"])
    if match["first"]:
        first, second = int(match["first"]), int(match["second"])
        day, month = (second, first) if second > 12 else (first, second)
        return int(match["slash_year"]), month, day
    said = match["year_last"] or match["year_behind"]
    named = month_of(match["month_behind"] or match["month_before"]) or 0
    return int(said) if said else None, named, int(match["day_before"] or match["day_behind"])


def written_dates(text: str, today: dt.date | None = None) -> list[Found]:
    """Every day in figures or with its month's name, in order.

    Without a year it is the next one that is not half a year past; without `today`, only days with a year count.
    """
    found = []
    for match in _WRITTEN.finditer(text):
        year, month, day = day_parts(match)
        if year is not None:
            found.append(Found(a_day(year, month, day), match.start(), match.end()))
        elif today is not None:
            date = a_day(today.year, month, day)
            if date and date < today - _HALF_A_YEAR:
                date = a_day(today.year + 1, month, day)
            found.append(Found(date, match.start(), match.end()))
    return found


def find_dates(text: str, today: dt.date) -> list[Found]:
    """Every day in a text, in order: as `written_dates` finds them, and those told from `today`, such as by Friday."""
    found = written_dates(text, today)
    for match in _RELATIVE.finditer(text):
        if not any(one.start < match.end() and match.start() < one.end for one in found):
            found.append(Found(_from_today(match, today), match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _from_today(match: re.Match[str], today: dt.date) -> dt.date | None:
    if match["count"]:
        days: int | None = int(match["count"]) * (7 if match["unit"].lower().startswith("w") else 1)
    elif match["word"]:
        days = _WORDS.get(match["word"].casefold())
    else:
        weekday = WEEKDAYS.get(match["weekday"].casefold())
        days = None if weekday is None else (weekday - today.weekday() - 1) % 7 + 1
    try:
        return None if days is None else today + dt.timedelta(days=days)
    except OverflowError:
        return None
