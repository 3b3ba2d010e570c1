"""The user's reminders, kept on this computer: added, listed, done with, moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agents.deps import Deps
from agents.spec import AgentError, Choice, Finding, Record, Which
from agents.tools.business.reminder_words import due_at
from agents.tools.text.markdown import plain
from agents.tools.today.rhythm import Rhythm
from config.dates import day_text
from config.zone import local_zone
from memory.business.reminders import Reminder
from memory.schedules import Schedule, utc

NAME = "calendar"
ASK_WHEN = "When shall I remind you, for example “Friday at 10”?"


async def remind(title: str, when: str, at: str | None, after: int | None, day: date | None, deps: Deps) -> Finding:
    """Keep a reminder. Raises AgentError without a text or a time to come."""
    if not title:
        raise AgentError("Tell me what to remind you of, as in “remind me on Friday to call the bank”.")
    zone = local_zone()
    meant = due_at(when, at, after, day, _now(deps, zone))
    if meant is None:
        raise AgentError(ASK_WHEN)
    _check(meant, deps, zone)
    row = await deps.stores.reminders.add(deps.user, title, *meant, zone)
    text = f"I will remind you {_when(row)}: **{plain(title)}**."
    return Finding(NAME, True, text, data=_data(row), records=(_record(row),), offers=("List my reminders",))


async def again(title: str, rhythm: Rhythm, deps: Deps) -> Finding:
    """Remind of something again and again. Raises AgentError without a text."""
    if not title:
        raise AgentError("Tell me what to remind you of, as in “remind me every Monday to send the time sheet”.")
    at, zone = datetime.now().astimezone(), local_zone()
    when = rhythm.starting(at, zone)
    row = await deps.stores.schedules.add(Schedule.when(deps.user, "remind", when, words=title), at)
    first = utc(row.due or at).astimezone(ZoneInfo(zone))
    text = (
        f"I will remind you {rhythm.said}, the first time on {day_text(first, '%A, %-d %B, %H:%M')}: "
        f"**{plain(title)}**. "
        "Say “pause it” or “stop it” whenever you like."
    )
    record = Record("schedule", row.id, title[:80])
    return Finding(NAME, True, text, data={"rule": row.rule}, records=(record,), offers=("What is scheduled?",))


async def done(title: str, deps: Deps) -> Finding:
    """Mark the reminder meant as done. Raises AgentError."""
    row = await _meant(title, deps)
    await deps.stores.reminders.done(row.id, datetime.now().astimezone())
    left = len(await deps.stores.reminders.open(deps.user))
    rest = "Nothing else is open." if not left else f"{left} more {'is' if left == 1 else 'are'} open."
    return Finding(NAME, True, f"Done: **{plain(row.text)}**. {rest}", data=_data(row), records=(_record(row),))


async def later(title: str, when: str, at: str | None, after: int | None, day: date | None, deps: Deps) -> Finding:
    """Move a reminder. Raises AgentError."""
    row = await _meant(title, deps, newest=True)
    zone = row.zone
    meant = due_at(when, at, after, day, _now(deps, zone)) or (deps.today + timedelta(days=1), None)
    _check(meant, deps, zone)
    moved = await deps.stores.reminders.move(row.id, *meant) or row
    text = f"Moved: I will remind you {_when(moved)}: **{plain(row.text)}**."
    return Finding(NAME, True, text, data=_data(moved), records=(_record(moved),))


async def listed(deps: Deps) -> Finding:
    """All open reminders, the next first."""
    rows = await deps.stores.reminders.open(deps.user)
    if not rows:
        text = "No reminder is open. Say for example “remind me on Friday to call the bank”."
        return Finding(NAME, True, text, data={"reminders": []})
    text = "Your open reminders:\n\n" + lines(rows)
    offers = (f"Done with {rows[0].text}",)
    data = {"reminders": [_data(row) for row in rows]}
    return Finding(NAME, True, text, data=data, records=tuple(map(_record, rows)), offers=offers)


async def between(start: date, end: date, deps: Deps) -> list[Reminder]:
    """The open reminders of some days, `end` left out, with those that are late when today is among them."""
    found = await deps.stores.reminders.open(deps.user)
    first = date.min if start <= deps.today else start
    return [row for row in found if first <= row.local().date() < end]


def lines(rows: Sequence[Reminder]) -> str:
    """A numbered list of reminders."""
    return "\n".join(f"{number}. {_when(row)}: {plain(row.text)}" for number, row in enumerate(rows, start=1))


def _when(row: Reminder) -> str:
    return f"{day_text(row.local(), '%A, %-d %B %Y')}" + ("" if row.whole_day else f", {row.local():%H:%M}")


def _now(deps: Deps, zone: str) -> datetime:
    """The time now, on the day that is the user's today."""
    return datetime.combine(deps.today, datetime.now(ZoneInfo(zone)).time())


def _check(meant: tuple[date, time | None], deps: Deps, zone: str) -> None:
    day, at = meant
    if day < deps.today or (at and datetime.combine(day, at) < _now(deps, zone) - timedelta(minutes=1)):
        raise AgentError("That time is over already; tell me one to come, such as “tomorrow at 9”.")


async def _meant(title: str, deps: Deps, *, newest: bool = False) -> Reminder:
    """The open reminder whose words are named; the only one, or the one due first, when none is."""
    rows = await deps.stores.reminders.open(deps.user)
    if not rows:
        raise AgentError("No reminder is open, so there is nothing to change.")
    words = set(_words(title))
    best = sorted(rows, key=lambda row: -len(words & set(_words(row.text))))
    if words & set(_words(best[0].text)):
        return best[0]
    told = [row for row in rows if row.told_at]
    if not words and (len(rows) == 1 or told or newest):
        return max(told, key=lambda row: row.due) if told else rows[0]
    raise Which("Which reminder do you mean?", [Choice(plain(row.text, 60), {"title": row.text}) for row in rows[:9]])


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w{3,}", text.casefold()) if word not in ("the", "with", "reminder", "about")]


def _data(row: Reminder) -> dict[str, str]:
    return {"id": row.id, "text": row.text, "due": row.local().isoformat(), "zone": row.zone}


def _record(row: Reminder) -> Record:
    return Record("reminder", row.id, row.text[:80])
