"""Brings what earlier versions ran by their own clocks under the schedule, in the transaction of the migration."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, inspect, select, text

from config.zone import local_zone
from memory.business.reminders import KIND as REMINDER
from memory.business.reminders import Reminder
from memory.database import new_id
from memory.saved_searches import KIND as SEARCH
from memory.schedules import Schedule, utc

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MOVED = ("every", "hour", "due", "ran_at", "problem")
"""Columns of saved searches that their schedules have instead."""


def under_the_schedule(connection: Connection) -> None:
    """Plan every saved search and every reminder that was not told, and drop the columns that said when."""
    reminders: Table = Reminder.__table__  # type: ignore[attr-defined]
    open_ones = select(reminders.c.id, reminders.c.user, reminders.c.due, reminders.c.zone).where(
        reminders.c.told_at.is_(None), reminders.c.done_at.is_(None)
    )
    for id, user, due, zone in connection.execute(open_ones).all():
        _add(connection, user, REMINDER, id, "", zone, utc(due))
    there = {column["name"] for column in inspect(connection).get_columns("saved_searches")}
    if not there & set(_MOVED):
        return
    zone = local_zone()
    for id, user, every, hour, due in connection.execute(
        text('SELECT id, "user", every, hour, due FROM saved_searches')
    ).all():
        time = utc(due if isinstance(due, datetime) else datetime.fromisoformat(due))
        day = f";BYDAY={_DAYS[time.astimezone(ZoneInfo(zone)).weekday()]}" if every == "week" else ""
        rule = f"FREQ={'WEEKLY' if day else 'DAILY'}{day};BYHOUR={hour};BYMINUTE=0;BYSECOND=0"
        _add(connection, user, SEARCH, id, rule, zone, time)
    connection.execute(text("DROP INDEX IF EXISTS ix_saved_searches_due"))
    for name in there & set(_MOVED):
        connection.execute(text(f"ALTER TABLE saved_searches DROP COLUMN {name}"))


def _add(connection: Connection, user: str, kind: str, subject: str, rule: str, zone: str, due: datetime) -> None:
    """A schedule without words, which nothing seals."""
    begins = due.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0).isoformat()
    row: dict[str, Any] = Schedule(
        id=new_id(), user=user, kind=kind, subject=subject, rule=rule, zone=zone, begins=begins, due=due
    ).model_dump(exclude={"words", "problem"})
    table: Table = Schedule.__table__  # type: ignore[attr-defined]
    connection.execute(table.insert().values(**row))
