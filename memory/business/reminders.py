"""The reminders: what to think of and when, on the user's own clock, told once when the time has come."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Index
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.database import Database, new_id, now
from memory.once import add_once
from memory.recurrence import Recurrence
from memory.schedules import Schedule, plan, unplan
from memory.sealed import Sealed, SealedRow

KIND = "reminder"
"""The kind of their schedules."""
MORNING = time(9)
"""When a reminder for a day without a time is due."""


class Reminder(SealedRow, table=True):
    """One reminder. `due` is in UTC, `zone` the IANA zone it was meant in; without a clock time it is for the day."""

    __tablename__ = "reminders"
    __table_args__ = (Index("ix_reminders", "user", "due"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    text: str = Field(sa_type=Sealed())
    due: datetime = Field(sa_type=DateTime(timezone=True))
    zone: str
    whole_day: bool = False
    told_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    done_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    def local(self) -> datetime:
        """When it is due on the clock of its zone."""
        return (self.due if self.due.tzinfo else self.due.replace(tzinfo=UTC)).astimezone(ZoneInfo(self.zone))


class Reminders:
    """The reminders in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, user: str, text: str, day: date, at: time | None, zone: str) -> Reminder:
        """Keep a reminder for a day, at a time on the clock of `zone`. Raises ZoneInfoNotFoundError."""
        due = datetime.combine(day, at or MORNING, ZoneInfo(zone)).astimezone(UTC)
        row = Reminder(user=user, text=text, due=due, zone=zone, whole_day=at is None)
        async with self._database.write() as session:
            kept = await add_once(session, row)
            if kept is row:
                await _plan(session, row)
            return kept

    async def get(self, reminder: str, *, user: str) -> Reminder | None:
        """One reminder of a user, or None."""
        return await self._database.own(Reminder, reminder, user=user)

    async def open(self, user: str, *, until: datetime | None = None) -> list[Reminder]:
        """What is not done, the next first."""
        query = select(Reminder).where(Reminder.user == user, col(Reminder.done_at).is_(None))
        if until:
            query = query.where(col(Reminder.due) < until.astimezone(UTC))
        async with self._database.read() as session:
            return list(await session.exec(query.order_by(col(Reminder.due))))

    async def told(self, reminder: str, at: datetime) -> None:
        """Note that the user was told."""
        await self._set(reminder, told_at=at.astimezone(UTC))

    async def done(self, reminder: str, at: datetime) -> None:
        """Note that it is done with: it is not told any more."""
        await self._set(reminder, done_at=at.astimezone(UTC))
        async with self._database.write() as session:
            if row := await session.get(Reminder, reminder):
                await unplan(session, row.user, KIND, reminder)

    async def move(self, reminder: str, day: date, at: time | None) -> Reminder | None:
        """Bring it to another time, in its own zone, to be told again; None when it is gone."""
        async with self._database.write() as session:
            row = await session.get(Reminder, reminder)
            if row is not None:
                due = datetime.combine(day, at or MORNING, ZoneInfo(row.zone))
                row.due, row.whole_day, row.told_at = due.astimezone(UTC), at is None, None
                session.add(row)
                await _plan(session, row)
        return row

    async def _set(self, reminder: str, **fields: datetime) -> None:
        async with self._database.write() as session:
            row = await session.get(Reminder, reminder)
            if row is not None:
                for name, value in fields.items():
                    setattr(row, name, value)
                session.add(row)


async def _plan(session: AsyncSession, row: Reminder) -> None:
    """Have it told when it is due, and not when it was due before."""
    await unplan(session, row.user, KIND, row.id)
    once = Recurrence("", row.zone, row.local().replace(tzinfo=None))
    await plan(session, Schedule.when(row.user, KIND, once, subject=row.id), row.due - timedelta(seconds=1))
