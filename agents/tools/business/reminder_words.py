"""Reads a reminder from a sentence: what, on which day, at what time; or which one is done or moved."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from config.dates import a_day, find_dates

_REMIND = re.compile(
    r"\b(?:remind(?: me| us)?|reminder|don'?t let me forget|i must not forget|erinner\w*|(?:ping|nudge|"
    r"wake) me)\b",
    re.I,
)
_ASKED = re.compile(
    r"^\W*(?:(?:please|can you|could you|hey|hi|ok|bitte|also|and)\W+)*"
    r"(?:remind(?: me| us)?(?: again)?|(?:set|add|create|make|i need) (?:me )?a reminder|reminder|"
    r"don'?t let me forget|i must not forget|(?:ping|nudge|wake) me)\b",
    re.I,
)
_DONE = re.compile(
    r"^\W*(?:i'?m |i am |i have |i'?ve |all )?(?:done with|finished with|tick off|check off|dismiss|mark)\b"
    r"|\breminder\b.{0,40}\b(?:done|off|delete|remove|cancel)\b|\b(?:delete|remove|cancel|"
    r"drop)\b.{0,40}\breminders?\b",
    re.I,
)
_LATER = re.compile(
    r"\b(?:snooze|postpone|move|shift|push|reschedule)\b.*\breminder\b|\bremind me (?:again|later)\b|"
    r"^\W*snooze\b",
    re.I,
)
_LIST = re.compile(
    r"\b(?:list|show|which|what|any|my|see|open)\b[^.?!]{0,30}\breminders\b"
    r"|\bwhat (?:should|do|did|must) (?:i|you)\b.*\bremind",
    re.I,
)
_AFTER = re.compile(r"\bin (?P<n>\d{1,3}|an?|half an) (?P<unit>minutes?|mins?|hours?|hrs?|h)\b", re.I)
_PART = re.compile(
    r"\b(?:(?:in the|this|tomorrow) )?(?P<part>morning|noon|midday|afternoon|evening)\b|"
    r"\b(?P<night>tonight)\b",
    re.I,
)
_PARTS = {"morning": "09:00", "noon": "12:00", "midday": "12:00", "afternoon": "14:00", "evening": "18:00"}
_COUNTS = {name: number for number, name in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_COUNT = re.compile(rf"\bin ({'|'.join(_COUNTS)})(?= (?:minutes?|hours?|days?|weeks?|months?)\b)", re.I)
_SPAN = re.compile(
    r"\b(?P<next>next (?P<unit>week|month))\b|\b(?:at the )?end of (?:the |this )?(?P<end>week|month)\b"
    r"|\b(?:on )?the (?P<nth>\d{1,2})(?:st|nd|rd|th)\b(?! of (?!(?:the|this|next) month))"
    r"|\bon (?P<dotted>\d{1,2})\.(?!\d)"
    r"|\b(?:(?:on|in) )?the (?:day )?(?P<bare>\d{1,2})(?=\s*(?:[·.,;!?]|$|(?:of|to|at|for)\b|[^\W\d_]{2,}[aei]re?\b))"
    r"|\b(?:this |at the |"
    r"on the )?(?P<weekend>weekend)\b"
    r"|\bin (?P<months>\d{1,2}|an?) months?\b|\bin (?P<a>an?) (?P<one>day|week)\b",
    re.I,
)
_NAMED = re.compile(
    r"^\W*(?:(?:i'?m|i am|i have|i'?ve|please|all|the|my|a)\b\W*)*(?:done with|finished with|tick off|"
    r"check off|"
    r"dismiss|delete|remove|cancel|drop|mark|snooze|postpone|move|shift|push|reschedule|remind me (?:again|"
    r"later))\b\W*"
    r"(?:(?:the|my|about|of|reminder|to|that|it)\b\W*)*",
    re.I,
)


def read_reminder(clause: str) -> dict[str, Any] | None:
    """`action` (remind, done, later, reminders), the words of the day in `when`, `after` minutes; None for no reminder.

    `timed` says that the sentence names a day or a time. `when` ends in a sign of its own, so that it stays as read.
    """
    text = in_figures(" ".join(clause.split()))
    when = f"{text} ·"
    if _LATER.search(text):
        return {"action": "later", "title": _named(text), "when": when, **_timed(text)}
    if _DONE.search(text):
        return {"action": "done", "title": _named(text), "when": when}
    if _LIST.search(text):
        return {"action": "reminders", "when": when}
    if not _REMIND.search(text):
        return None
    return {"action": "remind", "when": when, **_timed(text)}


def in_figures(text: str) -> str:
    """``in two weeks`` as ``in 2 weeks``."""
    return _COUNT.sub(lambda hit: f"in {_COUNTS[hit[1].lower()]}", text)


def without_time(text: str) -> str:
    """What a reminder says, without the request and without the parts that say a time as only reminders do."""
    text = _ASKED.sub("", text, count=1)
    for pattern in (_AFTER, _SPAN, _PART):
        text = pattern.sub(" ", text)
    return " ".join(text.split())


def day_of(when: str, today: date) -> date | None:
    """The day that is meant, or None."""
    if hit := _SPAN.search(when):
        return _of_span(hit, today)
    return next((one.date for one in find_dates(when, today) if one.date), None)


def due_at(
    when: str, at: str | None, after: int | None, day: date | None, now: datetime
) -> tuple[date, time | None] | None:
    """The day and the time on the user's clock that are meant; None when neither is said."""
    if after is not None:
        moment = now + timedelta(minutes=after)
        return moment.date(), moment.time().replace(second=0, microsecond=0)
    said = day_of(when, now.date()) or day
    part = _PART.search(when)
    clock = at or (part and ("18:00" if part["night"] else _PARTS[part["part"].lower()])) or None
    if said is None and clock is None:
        return None
    moment_at = time.fromisoformat(clock) if clock else None
    if said is None:
        said = now.date() if moment_at and moment_at > now.time() else now.date() + timedelta(days=1)
    return said, moment_at


def _next_such(number: int, today: date) -> date | None:
    """The next day of a month with a number, at most a year ahead; None where no month has it."""
    for month in range(today.month - 1, today.month + 12):
        day = a_day(today.year + month // 12, month % 12 + 1, number)
        if day and day > today:
            return day
    return None


def _of_span(hit: re.Match[str], today: date) -> date | None:
    first = today.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    if hit["months"]:
        count = int(hit["months"]) if hit["months"].isdigit() else 1
        month = today.month - 1 + count
        return date(today.year + month // 12, month % 12 + 1, min(today.day, 28))
    if hit["a"]:
        return today + timedelta(days=1 if hit["one"].lower() == "day" else 7)
    if said := hit["nth"] or hit["dotted"] or hit["bare"]:
        return _next_such(int(said), today)
    if hit["next"]:
        return today + timedelta(days=7 - today.weekday()) if hit["unit"].lower() == "week" else following
    if hit["weekend"]:
        return today + timedelta(days=(5 - today.weekday()) % 7)
    week = hit["end"].lower() == "week"
    return today + timedelta(days=(4 - today.weekday()) % 7) if week else following - timedelta(days=1)


def _timed(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if after := _AFTER.search(text):
        number = {"a": 1, "an": 1, "half an": 0.5}.get(after["n"].lower()) or int(after["n"])
        found["after"] = round(number * (60 if after["unit"].lower().startswith("h") else 1))
    if after or _SPAN.search(text) or _PART.search(text) or find_dates(text, date(2000, 1, 3)):
        found["timed"] = True
    return found


def _named(text: str) -> str:
    """What a reminder is called by: ``the bank call`` of ``done with the bank call``."""
    rest = _NAMED.sub("", text, count=1)
    rest = re.split(r"\b(?:to|until|till|on|by|for|as done|done|reminder)\b", rest, maxsplit=1, flags=re.I)[0]
    return rest.strip(" .,;:!?")
