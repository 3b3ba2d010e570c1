"""The calendar: what is coming up, and new appointments, in a file for any calendar or on a server of the user's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Effect, Finding, Given, Record, Slot, Source
from agents.tools.business import reminders
from agents.tools.text.markdown import plain
from agents.tools.today.calendar_server import CONSENT, server
from agents.tools.today.calendar_words import HABIT, USUAL_MINUTES, moment, read_calendar, span
from agents.tools.today.rhythm import rhythm_of
from integrations.calendars.caldav import CalDav
from integrations.calendars.ics import Event, as_json, of_json, write_event
from integrations.http import Errand
from memory.files import FileRef

NAME = "calendar"
SECONDS, MEMORY_MB = 20.0, 768
"""What reading one calendar file may take."""
ATTACH = "No calendar is connected. Attach an .ics file exported from yours, and I read it."
CONNECT = (
    "To have it looked up, name its server in the file .env in my folder, and start me again: FREELANCEX_CALDAV, "
    "FREELANCEX_CALDAV_USER, FREELANCEX_CALDAV_PASSWORD."
)


class CalendarTask(BaseModel):
    """A look at the calendar, an appointment to add, or a reminder to keep, move or be done with."""

    action: str = "list"
    title: str = ""
    when: str = ""
    at: str | None = None
    minutes: int | None = None
    place: str = ""
    after: int | None = None
    timed: bool = False
    day: Annotated[date | None, Slot("date", reminders.ASK_WHEN)] = None


def needs(filled: dict[str, Any]) -> list[str]:
    """The time of a reminder."""
    timed = any(filled.get(name) for name in ("timed", "at", "day")) or rhythm_of(filled.get("when", ""))
    return ["day"] if filled.get("action") == "remind" and not timed else []


async def run(task: CalendarTask, given: Given, deps: Deps) -> Finding:
    """List what is in an attached calendar, propose to ask the server, or make an appointment. Raises Mendable."""
    if task.action == "remind" and (rhythm := rhythm_of(given.text)):
        return await reminders.again(read_calendar(rhythm.rest).get("title") or task.title, rhythm, deps)
    if task.action in ("remind", "later"):
        keep = reminders.remind if task.action == "remind" else reminders.later
        when = task.when if task.timed or task.at else f"{task.when} {given.text}"
        clock = task.at or read_calendar(f"add {given.text}").get("at")
        title = task.title or (_said_before(given) if task.action == "remind" else "")
        return await keep(title, when, clock, task.after, task.day, deps)
    if task.action == "done":
        return await reminders.done(task.title, deps)
    if task.action == "reminders":
        return await reminders.listed(deps)
    files = [file for file in given.files if file.name.lower().endswith(".ics")]
    start, end = span(task.when, deps.today)
    if files and task.action == "list":
        events = [event for file in files for event in await _read(file, start, end, deps)]
        return _listed(events, start, end, ", ".join(file.name for file in files))
    if task.action == "add":
        return await _propose(task, deps)
    if not await _connected(deps):
        return await _own(start, end, deps)
    arguments, host = {"start": str(start), "end": str(end)}, plain(deps.settings.caldav or "")
    preview = f"I would read the events from {_days(start, end)} on your calendar's server, {host}."
    return Finding(
        NAME,
        ok=True,
        text=f"I can look up {_days(start, end)} in your calendar.",
        effect=Effect("list_events", arguments, "Open your calendar", preview, consent=CONSENT),
    )


def _said_before(given: Given) -> str:
    """What the rest of the message asked for last: "draft the proposal and remind me on Friday"."""
    before = given.message.partition(given.text)[0] if given.text in given.message else ""
    clauses = [clause.strip() for clause in re.split(r"[,;.:!?\n]|\b(?:and|then|und|dann|y|et|e)\b", before)]
    last = next((clause for clause in reversed(clauses) if clause), "")
    return last[:1].upper() + last[1:]


async def list_events(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Read the events of a span from the server."""
    start, end = date.fromisoformat(arguments["start"]), date.fromisoformat(arguments["end"])
    found = _listed(await _server(deps).events(start, end), start, end, "your calendar")
    rows = await reminders.between(start, end, deps)
    return replace(found, text=f"{found.text}\n\nYour reminders:\n\n{reminders.lines(rows)}") if rows else found


async def _connected(deps: Deps) -> bool:
    """Whether there is a calendar that the user may use."""
    return bool(deps.settings.caldav) and await deps.may("connections")


async def _own(start: date, end: date, deps: Deps) -> Finding:
    """What is known without a calendar: the reminders."""
    rows = await reminders.between(start, end, deps)
    text = f"**{_days(start, end)}**, from your reminders"
    text += f"\n\n{reminders.lines(rows)}" if rows else ": nothing is planned."
    records = tuple(Record("reminder", row.id, row.text[:80]) for row in rows)
    how = f"{ATTACH} {CONNECT}" if await deps.may("connections") else ATTACH
    return Finding(NAME, ok=True, text=f"{text}\n\n{how}", data={"events": []}, records=records)


async def add_event(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Put the event on the server, once however often it is asked: its uid is fixed with the question."""
    event = of_json(arguments)
    collection = await _server(deps).add(event)
    text = f"**{plain(event.title)}** is in your calendar “{plain(collection.name)}”: {_when(event)}."
    return Finding(NAME, ok=True, text=text, data={"event": arguments})


async def adding(arguments: dict[str, Any], deps: Deps) -> Effect:
    """The proposal to put an appointment on the server. Raises AgentError for one that cannot be."""
    try:
        event = of_json({**arguments, "title": arguments["title"].strip(), "place": arguments["place"].strip()})
        arguments = as_json(event)
    except ValueError as error:
        raise AgentError("Write the start and the end like 2026-11-27T15:00, or like 2026-11-27 for a day.") from error
    if type(event.start) is not type(event.end) or event.end <= event.start:
        raise AgentError("It has to end after it starts; change the end too.")
    if not event.title:
        raise AgentError("Give it a title, as in “Call with Acme”.")
    where = f", {plain(event.place)}" if event.place else ""
    server = plain(deps.settings.caldav or "")
    preview = f"I would put this into your calendar at {server}:\n\n**{plain(event.title)}**, {_when(event)}{where}"
    editable = ("title", "start", "end", "place")
    return Effect("add_event", arguments, "Add to your calendar", preview, editable=editable)


async def _propose(task: CalendarTask, deps: Deps) -> Finding:
    begins = moment(task.when, task.at, deps.today)
    if begins is None:
        raise AgentError('Tell me the day, as in "put the call with Acme in my calendar on Friday at 15:00".')
    if not task.title:
        raise AgentError('Tell me what it is, as in "add a call with Acme on Friday at 15:00 to my calendar".')
    minutes = task.minutes or USUAL_MINUTES
    ends = begins + (timedelta(minutes=minutes) if isinstance(begins, datetime) else timedelta(days=1))
    event = Event(f"{uuid4()}@freelancex", task.title, begins, ends, place=task.place, remind_minutes=30)
    arguments = as_json(event)
    where = f", {plain(event.place)}" if event.place else ""
    shown = f"**{plain(event.title)}**, {_when(event)}{where}"
    if await _connected(deps) and not deps.settings.offline:
        return Finding(NAME, ok=True, text=f"I can add {shown}.", effect=await adding(arguments, deps))
    data = write_event(event, datetime.now(UTC))
    file = await deps.stores.files.put(data, "appointment.ics", user=deps.user, thread=deps.thread, made_by=NAME)
    artifact = Artifact(file.id, file.name, file.mime, caption=event.title)
    text = f"{shown}\n\nOpen the file to add it to your calendar; it reminds you 30 minutes before."
    return Finding(NAME, ok=True, text=text, data={"event": arguments}, artifacts=(artifact,))


async def _read(file: FileRef, start: date, end: date, deps: Deps) -> list[Event]:
    found = await deps.jobs.run(
        "integrations.calendars.ics:read_file",
        {"path": await deps.lay(file), "start": str(start), "end": str(end)},
        seconds=SECONDS,
        memory_mb=MEMORY_MB,
    )
    return [of_json(one) for one in found]


def _server(deps: Deps) -> CalDav:
    if not deps.settings.caldav:
        raise AgentError(f"{ATTACH} {CONNECT}")
    return server(deps, Errand(CONSENT, deps.user, agent=NAME, thread=deps.thread, approved=True))


def _listed(events: Sequence[Event], start: date, end: date, origin: str) -> Finding:
    rows = "\n".join(f"| {_when(event)} | {plain(event.title)} | {plain(event.place, 60)} |" for event in events[:60])
    head = f"**{_days(start, end)}**, from {plain(origin)}"
    text = f"{head}\n\n| When | What | Where |\n|---|---|---|\n{rows}" if events else f"{head}: nothing is planned."
    if len(events) > 60:
        text += f"\n\n{len(events) - 60} more are not shown."
    plain_events = [as_json(one) for one in events]
    return Finding(NAME, ok=True, text=text, data={"events": plain_events}, sources=(Source(origin),), trust="outside")


def _when(event: Event) -> str:
    if not isinstance(event.start, datetime) or not isinstance(event.end, datetime):
        return f"{event.start:%A %d %B %Y}"
    start, end = event.start.astimezone(), event.end.astimezone()
    if start == end:
        return f"{start:%A %d %B %Y, %H:%M}"
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%d %B %H:%M}"
    return f"{start:%A %d %B %Y, %H:%M} to {until}"


def _days(start: date, end: date) -> str:
    last = end - timedelta(days=1)
    return f"{start:%d %B %Y}" if last <= start else f"{start:%d %B} to {last:%d %B %Y}"


AGENT = AgentSpec(
    name=NAME,
    title="Calendar",
    description="Shows what is coming up, adds appointments to your calendar, and reminds you in time.",
    examples=(
        "What's on my calendar this week?",
        "Put the call with Acme in my calendar on Friday at 15:00",
        "Schedule a meeting with Studio Nord next Tuesday at 10am for two hours",
        "Remind me on Monday to send the offer",
        "Add the deadline on 12 December to my calendar",
        "Do I have anything planned tomorrow?",
        "What appointments are in calendar.ics",
        "block Friday afternoon for accounting in my calendar",
        "Trag den Termin mit Müller am Montag um 9 Uhr ein",
        "was steht morgen in meinem Kalender",
        "remind me tomorrow at 9 to call the tax adviser",
        "list my reminders",
        "done with the bank call",
        "snooze the reminder until Monday",
        "remind me in two hours to send the draft",
    ),
    task=CalendarTask,
    run=run,
    read=read_calendar,
    needs=needs,
    cues=(
        r"\b(?:calendar|kalender|calendario|calendrier|diary|appointments?|termin\w*)\b|\.ics\b",
        r"\bremind me\b|\berinnere mich\b|\breminder\b(?!.*\binvoice)|\breminders\b",
        r"^\W*(?:i'?m |all )?(?:done with|tick off) (?:the|my|that) \w+|^\W*snooze\b|^\W*(?:ping|nudge) me\b",
        r"\bschedule (?:an?|the) (?:call|meeting|appointment|interview|session|workshop)\b",
        r"\b(?:do i have|have i got|am i) (?:anything|something|any meetings?|free|busy)\b",
    ),
    surely=(HABIT,),
    effects={"list_events": list_events, "add_event": add_event},
    resource="connections",
    edits={"add_event": adding},
    consents=(CONSENT,),
    writes=True,
)
