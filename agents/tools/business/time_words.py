"""Reads what is said about working time: a timer to start, hours to log, a report, what to bill."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from agents.tools.billing.invoice_requests import read_period
from config.dates import find_dates
from memory.money import NUMBER, find_prices, parse_number

_BILL = re.compile(
    r"\b(?:invoice|bill|charge|turn)\b.{0,60}\b(?:unbilled|open|my|the|all|these|those|logged|"
    r"tracked)?\s*(?:hours|time|timesheet)\b"
    r"|\b(?:hours|time)\b.{0,30}\b(?:into|to) an? (?:invoice|bill)\b|\binvoice for (?:my |"
    r"the )?(?:unbilled )?(?:hours|time)\b",
    re.I,
)
_START = re.compile(
    r"\b(?:start|begin|resume|continue|switch|restart|run|turn on)\b.{0,40}\b(?:timer|clock|tracking|time|"
    r"stopwatch|work\w*)\b"
    r"|\bswitch(?: over)? to\b|\bclock in\b|\bclock me in\b|\btimer (?:on|for)\b|^\W*start(?:ing)?\b|"
    r"\btrack (?:my )?time\b"
    r"|\b(?:i'?m|i am) (?:now )?(?:working on|starting)\b|\btimer\b.{0,20}\bstart\w*",
    re.I,
)
_STOP = re.compile(
    r"\b(?:stop|pause|end|halt|turn off|kill)\b.{0,30}\b(?:timer|clock|tracking|time|stopwatch|work\w*)\b"
    r"|\bclock (?:me )?out\b|\btimer (?:off|stop\w*|anhalten|beenden)\b"
    r"|\bdone (?:working|for today)\b|^\W*stop(?: it)?\W*$",
    re.I,
)
_STATUS = re.compile(
    r"\b(?:is|what'?s?|which)\b.{0,30}\b(?:timer|tracking|running)\b|\bhow long\b.{0,30}\b(?:timer|running|"
    r"worked on this)\b"
    r"|^\W*(?:the )?timer(?: status)?\W*$|\bwhat am i (?:working on|tracking)\b",
    re.I,
)
_REMOVE = re.compile(
    r"\b(?:delete|remove|undo|discard|scrap|cancel|drop)\b.{0,40}\b(?:entry|entries|hours|time|timer|log|"
    r"last|that|it)\b",
    re.I,
)
_FIX = re.compile(
    r"\b(?:correct|change|fix|make|edit|adjust|set)\b.{0,40}\b(?:it|that|last|entry|hours)\b|\bit was\b|"
    r"\bnot\b.{0,12}\bbut\b"
    r"|^\W*(?:no|sorry|actually|i meant)\b",
    re.I,
)
_PROJECT_DONE = re.compile(
    r"\b(?P<name>[\w&.' -]{2,60}?) (?:project )?(?:is|are) (?:now )?(?:done|finished|complete[d]?|"
    r"delivered|closed)\b"
    r"|\b(?:close|finish|complete)\b (?:the )?project (?P<named>[\w&.' -]{2,60})",
    re.I,
)
_LIST = re.compile(
    r"\b(?:how (?:many|much)|list|show|what|which|report|sum|total|summary|my|see|timesheet|unbilled|"
    r"overview)\b",
    re.I,
)
_LOG = re.compile(r"\b(?:log|track|book|record|add|note|enter|put|worked|spent|did|save|have worked)\b", re.I)
_DAYS = {"half a day": 240, "half day": 240, "a full day": 480, "a whole day": 480, "all day": 480}
_AND_HALF = r"(?:\s*(?P<half>and (?:a )?half|1/2|½))?"
_HOURS = re.compile(
    rf"(?P<n>{NUMBER}|\b(?:an?|one|two|three|four|five|six|seven|eight)\b)(?P<early> and a half)?\s*-?(?:hours?|hrs?|"
    rf"h)\b{_AND_HALF}"
    r"(?:\s*(?:and\s*)?(?P<m>\d{1,2})\s*(?:minutes?|mins?|m)?\b)?|\b(?P<h>\d{1,2})h(?P<hm>\d{2})\b"
    r"|(?<![\d:])(?P<ch>\d{1,2}):(?P<cm>[0-5]\d)(?:\s*(?:h|hours?)\b|(?=\s+(?:for|on)\b))|\b(?:half an?|a (?:half|"
    r"demi))[ -](?:hour|heure)\b(?P<half_hour>)"
    rf"|(?P<min>{NUMBER})\s*(?:minutes?|mins?|min)\b|(?P<days>{NUMBER})\s*days?\b(?! ago)",
    re.I,
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_CLOCK = r"(?P<{0}>\d{{1,2}})(?:[:.h](?P<{0}m>[0-5]\d)?)?\s*(?P<{0}p>am|pm)?"
_SPAN = re.compile(
    rf"\b(?:from|between|of)?\s*(?<![\d.,-]){_CLOCK.format('a')}\s*(?:to|until|till|and|-|"
    rf"–)\s*{_CLOCK.format('b')}\b(?![.,-]?\d|\s*(?:hours|h\b|€|\$|%))",
    re.I,
)
_TIME_OF = re.compile(r"\b(?:this|last|in|since|today|yesterday|week|month|quarter|year)\b", re.I)
_CLIENT = re.compile(
    r"\b(?i:for|with|client)\s+(?i:the |my |our |"
    r"client )?(?P<name>(?!\d)[\w&+-][\w&.+-]*(?:\s+[A-Z&][\w&.+-]*){0,3})"
)
_NOT_A_CLIENT = re.compile(
    r"^(?:an?|the|this|that|last|next|it|them|him|her|today|yesterday|now|me|my|all|each|every|half|one|"
    r"two|three|hours?|"
    r"week|month|design|work|research|meeting|calls?|the week|everything|unbilled|monday|tuesday|wednesday|"
    r"thursday|friday)$",
    re.I,
)
_SWITCHED = re.compile(
    r"\b(?:switch(?: over)?(?: the timer)? to|timer on|start(?:ing)?(?: work)?(?: on)?|working on) "
    r"(?P<name>[\w&][^,.;]{1,60})",
    re.I,
)
_UNBILLED = re.compile(
    r"\b(?:unbilled|not (?:yet )?(?:billed|invoiced)|uninvoiced)\b|\bopen hours\b|\bhours\b.{0,12}\bopen\b", re.I
)
_ENDS = {"mon": "day", "tue": "sday", "wed": "nesday", "thu": "rsday", "fri": "day", "sun": "day"}
_WEEKDAY = re.compile(r"(?<=\w )\b(?:mon|tue|wed|thu|fri|sun)\b\.?", re.I)
_NEXT = re.compile(r"(?:[,;]\s*|\s)(?:and|plus|then)?\s*(?:another\s+)?$", re.I)
_WORKED = re.compile(r"\s+(?:and|worked|gearbeitet|trabajad\w+|travaill\w+|lavorat\w+|trabalhad\w+)\W*$", re.I)
_NOTE = re.compile(
    r"(?:\b(?:working on|on|doing|about|spent on)\s+|[:–]\s+)(?:the )?(?P<note>(?!\d|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|"
    r"sunday)[^,;.]{2,120})",
    re.I,
)


def read_time(clause: str) -> dict[str, Any]:
    """`action`, `minutes`, `name` (client or project as said), `note`, `when`, `period`, `rate` for billing.

    Of several lengths in one sentence, the first is told so, and the others in `more`.
    """
    text = _WEEKDAY.sub(
        lambda day: f"{day[0].rstrip('.')}{_ENDS[day[0][:3].lower()]}", " ".join(clause.split()).strip()
    )
    if len(stints := _stints(text)) > 1:
        read = [_read(stint) for stint in stints]
        if all(one["action"] == "log" for one in read):
            first, *more = _filled(read)
            return read[0] | {"when": first["when"], "said": first["said"], "more": more}
    return _read(text)


def _stints(text: str) -> list[str]:
    """The pieces of a sentence that name a length of time each: "6 hours on Friday and 3 on …" is one only."""
    cuts = [hit.start() for hit in _HOURS.finditer(text) if hit["days"] is None]
    if _SPAN.search(text):
        return [text]
    places = [0, *(cut for cut in cuts[1:] if _NEXT.search(text[:cut])), len(text)]
    return [text[start:end] for start, end in pairwise(places)]


def _filled(read: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each length with the client, work and day it names, else those of the one before it; the first day holds back."""
    days = [one["when"] if find_dates(one["when"], date(2000, 1, 3)) else "" for one in read]
    known: dict[str, Any] = {"when": next(filter(None, days), "")}
    told = []
    for day, one in zip(days, read, strict=True):
        known = known | {name: one[name] for name in ("name", "note") if name in one} | ({"when": day} if day else {})
        told.append(known | {"minutes": one["minutes"], "said": one["when"]})
    return told


def _read(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {"when": f"{text} ·"}
    rest = text
    if span := _SPAN.search(text):
        minutes = _between(span, bool(_LOG.search(text)))
        if minutes:
            found |= {"minutes": minutes, "begins": _minute(span, "a")}
            rest = text[: span.start()] + " " + text[span.end() :]
    if "minutes" not in found and (minutes := duration(text)):
        found["minutes"] = minutes
    found["action"] = _action(text, "minutes" in found)
    if name := _name(rest):
        found["name"] = name
    bare = _without_days(_HOURS.sub(" ", rest))
    if found["action"] in ("start", "log", "fix") and (note := _NOTE.search(bare)):
        said = re.sub(r"\s+(?:for|with)\s+\S.*$", "", note["note"], flags=re.I)
        found["note"] = _WORKED.sub("", said).strip(" ,.;") or None
    if found["action"] in ("list", "bill"):
        found["period"] = read_period(text)
        found["unbilled"] = bool(_UNBILLED.search(text)) or None
        found["expenses"] = bool(re.search(r"\b(?:expenses|costs)\b", text, re.I)) or None
        if rates := [price for price in find_prices(text) if price.unit]:
            found["rate"] = str(rates[0])
    if found["action"] == "done" and (done := _PROJECT_DONE.search(text)):
        found["name"] = re.sub(r"^(?:the|my|our)\s+", "", (done["name"] or done["named"]).strip(), flags=re.I)
    return {name: value for name, value in found.items() if value is not None}


def duration(text: str) -> int | None:
    """Minutes said in a text: ``2.5h``, ``1h30``, ``90 min``, ``an hour and a half``; a day is eight hours."""
    lowered = text.lower()
    if days := next((minutes for words, minutes in _DAYS.items() if words in lowered), None):
        return days
    hit = _HOURS.search(text)
    if hit is None:
        return None
    if hit["half_hour"] is not None:
        return 30
    if hit["h"] or hit["ch"]:
        return int(hit["h"] or hit["ch"]) * 60 + int(hit["hm"] or hit["cm"])
    if hit["min"]:
        return round(parse_number(hit["min"]))
    if hit["days"]:
        return round(parse_number(hit["days"]) * 480)
    said = hit["n"].lower()
    number = Decimal(_NUMBERS[said]) if said in _NUMBERS else parse_number(said)
    return round(number * 60) + (30 if hit["half"] or hit["early"] else 0) + int(hit["m"] or 0)


def worked_on(when: str, today: date) -> date:
    """The day that was worked on: the last such weekday, never a day to come; today when none is said."""
    day = next((one.date for one in find_dates(when, today) if one.date), None)
    if day is None:
        ago = re.search(r"\b(?P<n>\d{1,2}|an?|two|three) days? ago\b", when, re.I)
        number = ago and (_NUMBERS.get(ago["n"].lower()) or int(ago["n"]))
        return today - timedelta(days=number or 0)
    if day > today:
        day -= timedelta(days=7 if day - today <= timedelta(days=7) else 365)
    return min(day, today)


def _action(text: str, timed: bool) -> str:
    if _BILL.search(text) and not re.search(r"\bhow (?:many|much)\b", text, re.I):
        return "bill"
    if _REMOVE.search(text):
        return "remove"
    if _STOP.search(text):
        return "stop"
    if timed and _FIX.search(text) and not _LOG.search(text):
        return "fix"
    if timed and (_LOG.search(text) or not _LIST.search(text)) and not re.search(r"\bhow many\b", text, re.I):
        return "log"
    if _STATUS.search(text):
        return "status"
    if _START.search(text):
        return "start"
    if _PROJECT_DONE.search(text) and not _TIME_OF.search(text):
        return "done"
    if _LIST.search(text):
        return "list"
    return "log" if _LOG.search(text) else "list"


def _name(text: str) -> str | None:
    for hit in _CLIENT.finditer(text):
        if not _NOT_A_CLIENT.match(hit["name"].split()[0]):
            return _trimmed(hit["name"])
    switched = _SWITCHED.search(text)
    if switched and not re.match(r"(?:the |my |a )?(?:timer|clock|tracking|time|it)\b", switched["name"], re.I):
        return _trimmed(switched["name"])
    return None


def _trimmed(name: str) -> str:
    name = _without_days(name)
    tail = r"\s+(?:on|and|yesterday|today|this|last|now|please|doing|at|from|in|into|to)\b.*$"
    return re.sub(tail, "", name, flags=re.I).strip(" .,")


def _without_days(text: str) -> str:
    for one in reversed(find_dates(text, date(2000, 1, 3))):
        text = re.sub(r"\bon\s*$", "", text[: one.start], flags=re.I) + " " + text[one.end :]
    return " ".join(text.split())


def _minute(span: re.Match[str], side: str) -> int:
    hour = int(span[side])
    if span[f"{side}p"]:
        hour = hour % 12 + (12 if span[f"{side}p"].lower() == "pm" else 0)
    return hour * 60 + int(span[f"{side}m"] or 0)


def _between(span: re.Match[str], said: bool) -> int | None:
    """Minutes from one time of day to another; ``9 to 5`` ends in the afternoon; None when it is no such span.

    `said` tells that the sentence is about logging time, so that a bare 9-17 is one.
    """
    framed = re.match(r"\s*(?:from|between)", span.group(), re.I)
    clear = said or framed or any(span[name] for name in ("am", "bm", "ap", "bp"))
    begin, end = _minute(span, "a"), _minute(span, "b")
    if not clear or begin >= 24 * 60 or end > 24 * 60:
        return None
    if end <= begin and not span["bp"] and end < 12 * 60:
        end += 12 * 60
    return end - begin if end > begin else None
