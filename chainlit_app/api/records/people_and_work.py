"""Clients and the people there, projects, hours and reminders, by the rules that hold in the chat, too."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chainlit_app.api.records.kinds import Kind
from chainlit_app.api.records.plain import Fields, wrong
from memory.business.book import Refused
from memory.business.clients import Client
from memory.business.projects import Project
from memory.business.reminders import Reminder
from memory.business.time_entries import TimeEntry
from memory.database import now

if TYPE_CHECKING:
    from chainlit_app.api.records.doing import Doing

NAMELESS = "A client needs a name with letters or digits."


async def make_client(doing: Doing, kind: Kind, fields: Fields) -> Client:
    """A new client, whose name nobody has yet."""
    try:
        return await doing.stores.clients.add(doing.user, fields.pop("name"), **fields)
    except ValueError:
        raise wrong("#/name", NAMELESS) from None


async def change_client(doing: Doing, kind: Kind, row: Client, fields: Fields) -> Client:
    """Another name or other details."""
    name = fields.pop("name", row.name)
    try:
        return await doing.stores.clients.change(row.id, user=doing.user, name=name, **fields)
    except ValueError:
        raise wrong("#/name", NAMELESS) from None


async def make_contact(doing: Doing, kind: Kind, fields: Fields) -> Any:
    """A person at a client."""
    return await doing.stores.contacts.person(doing.user, fields.pop("client"), fields.pop("name"), **fields)


async def make_project(doing: Doing, kind: Kind, fields: Fields) -> Project:
    """A new project."""
    return await doing.stores.projects.save(Project(user=doing.user, **fields))


async def change_project(doing: Doing, kind: Kind, row: Project, fields: Fields) -> Project:
    """Other fields of a project."""
    for name, value in fields.items():
        setattr(row, name, value)
    return await doing.stores.projects.save(row)


async def move_project(doing: Doing, kind: Kind, row: Project, state: str) -> Project:
    """Open again, or done on a day."""
    fields: Fields = {"state": state, "ended_on": (row.ended_on or doing.today) if state == "done" else None}
    return await change_project(doing, kind, row, fields)


async def make_time(doing: Doing, kind: Kind, fields: Fields) -> TimeEntry:
    """Hours of a day, or a timer that starts now."""
    fields["day"] = fields["day"] or doing.today
    entry = TimeEntry(user=doing.user, **fields)
    if entry.minutes is None:
        entry.started_at = now()
        await doing.stores.time.start(entry)
        return entry
    return await doing.stores.time.log(entry)


async def change_time(doing: Doing, kind: Kind, row: TimeEntry, fields: Fields) -> TimeEntry:
    """Other fields of an entry."""
    for name in ("minutes", "day"):
        if fields.get(name, 1) is None:
            raise wrong(f"#/{name}", "Leave it out to keep it; to stop a timer, ask for the state “stopped”.")
    return await doing.stores.time.change(row.id, user=doing.user, **fields)


async def stop_timer(doing: Doing, kind: Kind, row: TimeEntry, state: str) -> TimeEntry:
    """Stop the timer."""
    if row.minutes is not None:
        raise Refused("This timer does not run.")
    return await doing.stores.time.stop(doing.user, now()) or row


async def make_reminder(doing: Doing, kind: Kind, fields: Fields) -> Reminder:
    """A reminder, on the clock of its zone."""
    try:
        ZoneInfo(fields["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong("#/zone", "That is no time zone; write one as in Europe/Berlin.") from None
    at = time.fromisoformat(fields["at"]) if fields["at"] else None
    try:
        return await doing.stores.reminders.add(doing.user, fields["text"], fields["day"], at, fields["zone"])
    except OverflowError:
        raise wrong("#/day", "That day lies outside the calendar.") from None


async def move_reminder(doing: Doing, kind: Kind, row: Reminder, fields: Fields) -> Reminder:
    """Another day or time."""
    at = fields["at"] if "at" in fields else None if row.whole_day else f"{row.local():%H:%M}"
    day = fields.get("day") or row.local().date()
    moved = await doing.stores.reminders.move(row.id, day, time.fromisoformat(at) if at else None)
    return moved or row


async def finish_reminder(doing: Doing, kind: Kind, row: Reminder, state: str) -> Reminder:
    """It was done."""
    await doing.stores.reminders.done(row.id, now())
    return await doing.stores.reminders.get(row.id, user=doing.user) or row
