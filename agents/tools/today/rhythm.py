"""How often something is to happen, as people say it, and the rule of a calendar for it.

"every weekday at 8 send me the briefing" ──▶ FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=8…  +  "send me the briefing"
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from config.dates import ENGLISH_MONTHS, ENGLISH_WEEKDAYS, MONTHS
from memory.recurrence import Recurrence

MORNING = 8
LEAST_MINUTES = 5
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKING, _WEEKEND = _CODES[:5], _CODES[5:]
_PARTS = {"morning": 8, "noon": 12, "lunch": 12, "lunchtime": 12, "afternoon": 15, "evening": 18, "night": 21}
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "fifteen": 15, "thirty": 30, "other": 2}
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_DAY = rf"(?:{'|'.join(ENGLISH_WEEKDAYS)})s?"
_PART = rf"(?:{'|'.join(_PARTS)})"
_DAYS = rf"(?P<days>{_DAY}(?:(?:\s*,\s*|\s+and\s+|\s*,\s*and\s+){_DAY})*)"
_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join(_COUNTS)})"
_MONTH = "|".join(ENGLISH_MONTHS)
_OFTEN = re.compile(
    rf"""\b(?:
      (?:on\s+)?the\s+(?P<nth>first|second|third|fourth|last)\s+(?P<nth_day>{"|".join(ENGLISH_WEEKDAYS)})\s+
          (?:of\s+)?(?:each|every|the)\s+month
    | (?:on\s+)?the\s+(?:(?P<last_day>last\s+day)|(?P<date>\d{{1,2}})(?:st|nd|rd|th)?)\s+
          (?:day\s+)?(?:of\s+)?(?:each|every)\s+month
    | (?:each|every)\s+(?:year|(?P<year_day>\d{{1,2}})\.?\s+(?P<year_month>{_MONTH}))
    | (?:each|every)\s+(?P<month>month|quarter)|(?P<monthly>monthly|quarterly|yearly|annually)
    | (?:each|every)\s+{_NUMBER}\s+(?P<unit>minute|min|hour|hr|day|week|month)s?(?:\s+on\s+(?P<unit_day>{_DAY}))?
    | (?:each|every)\s+other\s+(?P<other>{_DAY})
    | (?:each|every)\s+(?P<passing>minute|hour)|(?P<hourly>hourly)
    | (?:on\s+)?(?:each|every)?\s*(?P<working>week\s?days|work(?:ing)?\s?days|(?<=every\s)(?:week|work|working\s)day|
          (?<=each\s)(?:week|work|working\s)day)
    | (?:each|every)\s+weekend
    | (?:each|every)\s+(?:single\s+)?{_DAYS}
    | (?:on\s+)?(?P<plural>(?:{"|".join(ENGLISH_WEEKDAYS)})s(?:(?:\s*,\s*|\s+and\s+){_DAY})*)
    | (?P<weekly>weekly|every\s+week|each\s+week|fortnightly|biweekly)(?:\s+on\s+(?P<weekly_day>{_DAY}))?
    | (?P<daily>daily|(?:each|every)\s+(?:single\s+)?(?:day|{_PART}))
    )(?:\s+(?:in\s+the\s+)?(?P<part>{_PART}))?\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ON_DATE = re.compile(
    rf"\bon\s+(?:the\s+)?(?:(?P<last>last\s+day)|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?)(?:\s+(?:of\s+)?(?P<month>{_MONTH}))?\b"
    rf"|\b(?P<month_first>{_MONTH})\s+(?P<day_last>\d{{1,2}})(?:st|nd|rd|th)?\b",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\b(?:at|@)\s+(?:(?P<noon>noon|midnight)|(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*"
    r"(?P<half>am|pm|a\.m\.|p\.m\.|h|o'?clock)?)(?!\s*(?:[€$£%]|eur|usd|\d))(?=\W|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Rhythm:
    """A rule without the time it begins, how it is said, and what the text says besides."""

    rule: str
    said: str
    rest: str

    def starting(self, at: datetime, zone: str) -> Recurrence:
        """From a time with the user's zone on. Of every second Friday, the next Friday is the first."""
        now = at.replace(tzinfo=None, microsecond=0)
        once = Recurrence(re.sub(r";INTERVAL=\d+", "", self.rule), zone, now).after(at)
        begins = now if once is None else once.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        return Recurrence(self.rule, zone, begins)


def rhythm_of(text: str) -> Rhythm | None:
    """How often a text says, at most every five minutes; None when it does not say."""
    found = _OFTEN.search(text)
    if found is None:
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    at = _AT.search(rest)
    if at:
        rest = f"{rest[: at.start()]} {rest[at.end() :]}"
    hour, minute = _clock(at, found)
    clock = f";BYHOUR={hour};BYMINUTE={minute};BYSECOND=0"
    if found["monthly"] or found["month"] or _whole_year(found):
        days = _ON_DATE.search(rest)
        if days:
            rest = f"{rest[: days.start()]} {rest[days.end() :]}"
        rule = _by_date(found, days) + clock
    else:
        rule = _rule(found)
        rule += "" if rule.startswith(("FREQ=HOURLY", "FREQ=MINUTELY")) else clock
    return Rhythm(rule, said(rule), _tidy(rest))


def said(rule: str) -> str:
    """A rule of this module in words: ``every weekday at 8:00``."""
    fields = dict(part.split("=", 1) for part in rule.split(";") if part)
    if not fields:
        return "once"
    n = int(fields.get("INTERVAL", "1"))
    unit = {"MINUTELY": "minute", "HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month"}.get(
        fields["FREQ"], "year"
    )
    every = f"every {unit}" if n == 1 else f"every {n} {unit}s"
    days = tuple(fields["BYDAY"].split(",")) if fields.get("BYDAY") else ()
    if days == _WORKING:
        every = "every weekday"
    elif days == _WEEKEND:
        every = "every weekend, Saturday and Sunday"
    elif days and unit == "month":
        nth = next(word for word, number in _NTH.items() if number == int(days[0][:-2]))
        every = f"on the {nth} {_name(days[0][-2:])} of every month"
    elif days:
        names = [_name(day) for day in days]
        listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        every = f"every {listed}" if n == 1 else f"every {n} weeks on {listed}"
    if date := fields.get("BYMONTHDAY"):
        day = "last day" if date == "-1" else f"{date}{_ending(int(date))}"
        month = f" of {ENGLISH_MONTHS[int(fields['BYMONTH']) - 1].capitalize()}" if unit == "year" else ""
        every = f"{'every quarter' if ',' in fields.get('BYMONTH', '') else every} on the {day}{month}"
    at = f" at {int(fields['BYHOUR'])}:{int(fields['BYMINUTE']):02}" if "BYHOUR" in fields else ""
    return every + at


def _clock(at: re.Match[str] | None, found: re.Match[str]) -> tuple[int, int]:
    part = next((name for name in _PARTS if re.search(rf"\b{name}\b", found[0], re.I)), "")
    hour = _PARTS.get(part, MORNING)
    if at is None:
        return hour, 0
    if at["noon"]:
        return (12 if at["noon"].lower() == "noon" else 0), 0
    number, half = int(at["hour"]), (at["half"] or "").lower().replace(".", "")
    if half in ("am", "pm"):
        number = number % 12 + 12 * (half == "pm")
    elif number < 12 <= hour and part != "noon":
        number += 12  # "every evening at 7"
    minute = int(at["minute"] or 0)
    return (number, minute) if number <= 23 and minute <= 59 else (hour, 0)


def _rule(found: re.Match[str]) -> str:
    if found["nth"]:
        return f"FREQ=MONTHLY;BYDAY={_NTH[found['nth'].lower()]}{_code(found['nth_day'])}"
    if found["last_day"] or found["date"]:
        return f"FREQ=MONTHLY;BYMONTHDAY={found['date'] or -1}"
    if found["other"]:
        return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={_code(found['other'])}"
    if found["n"]:
        return _counted(found)
    if found["passing"] or found["hourly"]:
        return f"FREQ=MINUTELY;INTERVAL={LEAST_MINUTES}" if found["passing"] == "minute" else "FREQ=HOURLY"
    if found["working"]:
        return f"FREQ=WEEKLY;BYDAY={','.join(_WORKING)}"
    if days := found["days"] or found["plural"]:
        codes = {_code(day) for day in re.findall(_DAY, days, re.I)}
        return f"FREQ=WEEKLY;BYDAY={','.join(code for code in _CODES if code in codes)}"
    if found["weekly"]:
        two = ";INTERVAL=2" if found["weekly"].lower() in ("fortnightly", "biweekly") else ""
        return f"FREQ=WEEKLY{two};BYDAY={_code(found['weekly_day'] or 'monday')}"
    return f"FREQ=WEEKLY;BYDAY={','.join(_WEEKEND)}" if "weekend" in found[0].lower() else "FREQ=DAILY"


def _counted(found: re.Match[str]) -> str:
    number = int(found["n"]) if found["n"].isdigit() else _COUNTS[found["n"].lower()]
    unit = found["unit"].lower()
    if unit in ("minute", "min"):
        return f"FREQ=MINUTELY;INTERVAL={max(LEAST_MINUTES, number)}"
    if unit in ("hour", "hr"):
        return f"FREQ=HOURLY;INTERVAL={max(1, number)}"
    day = f";BYDAY={_code(found['unit_day'] or 'monday')}" if unit == "week" else ""
    date = ";BYMONTHDAY=1" if unit == "month" else ""
    return f"FREQ={'DAI' if unit == 'day' else unit.upper()}LY;INTERVAL={max(1, number)}{day}{date}"


def _by_date(found: re.Match[str], days: re.Match[str] | None) -> str:
    """A month, a quarter or a year, on a date that stands beside it or on the first."""
    word = (found["month"] or found["monthly"] or "year").lower()
    date = (days and ("-1" if days["last"] else days["day"] or days["day_last"])) or found["year_day"] or "1"
    if word in ("year", "yearly", "annually"):
        month = (days and (days["month"] or days["month_first"])) or found["year_month"] or "january"
        return f"FREQ=YEARLY;BYMONTH={MONTHS[month.lower()]};BYMONTHDAY={date}"
    return f"FREQ=MONTHLY{';BYMONTH=1,4,7,10' if word.startswith('quarter') else ''};BYMONTHDAY={date}"


def _whole_year(found: re.Match[str]) -> bool:
    return bool(found["year_day"]) or bool(re.fullmatch(r"(?:each|every)\s+year", found[0], re.I))


def _code(day: str) -> str:
    return _CODES[ENGLISH_WEEKDAYS.index(day.lower().removesuffix("s"))]


def _name(code: str) -> str:
    return ENGLISH_WEEKDAYS[_CODES.index(code)].capitalize()


def _ending(number: int) -> str:
    return "th" if 11 <= number <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _tidy(text: str) -> str:
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split())).strip(" ,;:-–")
