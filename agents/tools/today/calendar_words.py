"""Reads an appointment, or a question about the calendar, from a sentence."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from agents.tools.business.reminder_words import day_of, in_figures, read_reminder, without_time
from config.dates import find_dates

_ADD = re.compile(
    r"\b(?:add|put|schedule|book|enter|note|create|set|block|remind|plan|arrange|trag\w*|erinner\w*|agenda)\b", re.I
)
_CLOCK = re.compile(
    r"\b(?:at|from|um|@|à|a las)?\s*(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)"
    r"|\b(?:at|from|um|@|à|a las)\s*(?P<hour2>\d{1,2})(?:[:.h](?P<minute2>[0-5]\d))?(?:\s*(?:uhr|h|o'clock))?\b"
    r"|\b(?P<hour3>[01]?\d|2[0-3]):(?P<minute3>[0-5]\d)\b",
    re.I,
)
_UNTIL = re.compile(
    r"\s*(?:to|until|till|-|–|bis)\s*(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>am|pm)?", re.I
)
_LENGTH = re.compile(r"\bfor\s+(?P<n>\d{1,3}(?:[.,]\d)?|an?|half an)\s*(?P<unit>hours?|hrs?|h|minutes?|mins?)\b", re.I)
_PLACE = re.compile(r"\b(?:in|at) (?P<place>(?!my\b|the calendar)(?:the )?[A-Z][\w'’]*(?: [A-Z][\w'’]*){0,3})")
_AHEAD = re.compile(
    r"^\W*(?:(?:please|can you|could you|hey|hi|bitte)\W+)*(?:(?:add|put|schedule|book|enter|note|create|set up|set|"
    r"block(?: out| off)?|plan|arrange|remind(?: me)?(?: again)?|erinnere mich|trage?)\b\W*)?"
    r"(?:(?:an?|the|my|new|event|appointment|entry|reminder|deadline for|to|about|of|for|that|on|den|die|das|ein|eine|"
    r"einen|daran)\b\W*)*",
    re.I,
)
_BEHIND = re.compile(
    r"\W*\b(?:(?:in|into|to|on|onto|from)\s+(?:my|the|meinen?|mon|mi)\s+(?:calendar|kalender|diary|agenda|calendrier|"
    r"calendario)(?:\s+ein)?|please|on|at|from|by|the|next|this|for|in|bitte|am|um|ein|el|le)\W*$",
    re.I,
)
USUAL_MINUTES = 60


_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
HABIT = (
    rf"(?i:^\W*(?:(?:every|each) {_DAYS}s?|(?:on )?{_DAYS}s)\b[^.?!]{{0,25}}\bI\s+(?:teach|tutor|coach|train|meet|"
    r"see|call|have|work|play|visit)\b)"
)
"""What the user does every week at some time: "Tuesdays at 5 pm I teach Leo"."""


def read_calendar(clause: str) -> dict[str, Any]:
    """`action` (add or list), and what an appointment consists of: `title`, `when`, `at`, `minutes`, `place`.

    Days stay as they were written, since what "Friday" means depends on the day it is asked. A reminder is read as
    `reminder_words` has it.
    """
    clause = re.sub(r"(?<=\d) (?=:\d\d\b)", "", clause)  # "9 Uhr" comes as "9 :00"
    reminder = read_reminder(clause)
    if reminder and reminder["action"] in ("done", "reminders"):
        return reminder
    if not reminder and (habit := re.search(HABIT, clause)) and re.search(r"\d", clause):
        title = re.sub(r"(?i)^.*\bI\s+", "", clause[: habit.end()]) + clause[habit.end() :]
        return {"action": "remind", "title": title[:1].upper() + title[1:].strip(" ."), "timed": True}
    text = in_figures(" ".join(clause.split()))
    if not reminder and not _ADD.search(text):
        return {"action": "list", "when": f"{text} ·"}
    found: dict[str, Any] = reminder or {"action": "add", "when": f"{text} ·"}
    rest = without_time(text) if reminder else text
    if clock := _CLOCK.search(rest):
        found["at"] = _hour(clock)
        tail = _UNTIL.match(rest, clock.end())
        if tail and found["at"]:
            found["minutes"] = _span(found["at"], tail)
        rest = rest[: clock.start()] + " " + rest[(tail or clock).end() :]
    if length := _LENGTH.search(rest):
        found["minutes"] = _minutes(length)
        rest = rest[: length.start()] + " " + rest[length.end() :]
    if place := _PLACE.search(rest):
        found["place"] = place["place"]
        rest = rest[: place.start()] + " " + rest[place.end() :]
    found["title"] = found.get("title") or _title(rest)
    return {name: value for name, value in found.items() if value}


def span(when: str, today: date) -> tuple[date, date]:
    """The days a question is about, the last one left out: a day, a week, a month; a week from today otherwise."""
    if re.search(r"\bnext week\b|\bnächste woche\b", when, re.I):
        start = today + timedelta(days=7 - today.weekday())
        return start, start + timedelta(days=7)
    if re.search(r"\b(?:this |the )?month\b|\bmonat\b", when, re.I):
        return today, today + timedelta(days=31)
    if re.search(r"\bweek\b|\bwoche\b", when, re.I):
        return today, today + timedelta(days=7 - today.weekday())
    if found := [one.date for one in find_dates(when, today) if one.date]:
        return min(found), max(found) + timedelta(days=1)
    return today, today + timedelta(days=7)


def moment(when: str, at: str | None, today: date) -> datetime | date | None:
    """The start of an appointment in this computer's zone, a whole day without a clock time; None without a day."""
    day = day_of(when, today)
    if day is None:
        if at is None:
            return None
        day = today
    return datetime.combine(day, time.fromisoformat(at)).astimezone() if at else day


def _title(rest: str) -> str:
    dates = find_dates(rest, date(2000, 1, 3))
    for one in reversed(dates):
        rest = rest[: one.start] + " " + rest[one.end :]
    rest = _AHEAD.sub("", " ".join(rest.split()), count=1)
    before = None
    while before != rest:
        before = rest
        rest = _BEHIND.sub("", rest).strip(" ,.;:!?")
    return rest[:1].upper() + rest[1:200]


def _hour(clock: re.Match[str]) -> str | None:
    hour = int(clock["hour"] or clock["hour2"] or clock["hour3"])
    minute = int(clock["minute"] or clock["minute2"] or clock["minute3"] or 0)
    half = (clock["half"] or "").replace(".", "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 else None


def _span(at: str, tail: re.Match[str]) -> int:
    start = time.fromisoformat(at)
    hour = int(tail["hour"])
    if tail["half"] and tail["half"].lower() == "pm" and hour < 12:
        hour += 12
    minutes = (hour - start.hour) * 60 + int(tail["minute"] or 0) - start.minute
    if minutes <= 0 and not tail["half"] and hour < 12:
        minutes += 720  # "at 11am to 1" ends in the afternoon
    return minutes if 0 < minutes <= 24 * 60 else USUAL_MINUTES


def _minutes(length: re.Match[str]) -> int:
    unit = 60 if length["unit"].lower().startswith("h") else 1
    words = {"a": 1.0, "an": 1.0, "half an": 0.5}
    number = words.get(length["n"].lower()) or float(length["n"].replace(",", "."))
    return min(24 * 60, max(1, round(number * unit)))
