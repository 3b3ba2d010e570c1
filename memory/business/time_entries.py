"""The hours worked: a running timer or a span that is over, for a client and a project, billed by an invoice or not.

At most one timer of a user runs; the database itself refuses a second. An entry counts as billed while the invoice it
names stands: voiding the invoice sets its hours free, with nothing to undo.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Index, or_, text
from sqlmodel import Field, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.business.changes import fields_of, note
from memory.business.invoice import InvoiceRow
from memory.database import Database, new_id, now
from memory.once import add_once
from memory.sealed import Sealed, SealedRow

_RUNS = text("minutes IS NULL")


class TimeError(Exception):
    """The hours cannot be changed that way. The message is one sentence for the user."""


class TimeEntry(SealedRow, table=True):
    """Work on one `day` of the user's calendar; `minutes` is None while the timer runs since `started_at`, in UTC."""

    __tablename__ = "time_entries"
    __table_args__ = (
        Index("ix_time_running", "user", unique=True, sqlite_where=_RUNS, postgresql_where=_RUNS),
        Index("ix_time_day", "user", "day"),
    )
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    client: str | None = Field(default=None, foreign_key="clients.id", index=True)
    project: str | None = Field(default=None, index=True)
    note: str = Field(default="", sa_type=Sealed())
    day: date
    started_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    minutes: int | None = None
    invoice: str | None = Field(default=None, index=True)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    def ran(self, at: datetime) -> int:
        """Whole minutes worked, of a running timer those until `at`, rounded to the nearest minute."""
        if self.minutes is not None or self.started_at is None:
            return self.minutes or 0
        started = self.started_at if self.started_at.tzinfo else self.started_at.replace(tzinfo=UTC)
        return max(0, round((at - started) / timedelta(minutes=1)))


class TimeEntries:
    """The hours in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, entry: TimeEntry) -> TimeEntry | None:
        """Start a timer and return the one that ran until then, stopped; None when none did."""
        async with self._database.write() as session:
            if await add_once(session, entry) is not entry:
                return None  # an earlier run of this step started it, and stopped the one before
            with session.no_autoflush:  # the new one is not to be stopped
                stopped = await _stop(session, entry.user, entry.started_at or now())
            _note(session, entry, "made", {}, fields_of(entry))
        return stopped

    async def stop(self, user: str, at: datetime) -> TimeEntry | None:
        """Stop the running timer and return it; None when none runs."""
        async with self._database.write() as session:
            return await _stop(session, user, at)

    async def running(self, user: str) -> TimeEntry | None:
        """The running timer, or None."""
        async with self._database.read() as session:
            return await _running(session, user)

    async def log(self, entry: TimeEntry) -> TimeEntry:
        """Keep hours that are over. Raises TimeError for none, or more than a day has."""
        _check(entry.minutes)
        async with self._database.write() as session:
            kept = await add_once(session, entry)
            if kept is entry:
                _note(session, entry, "made", {}, fields_of(entry))
            return kept

    async def last(self, user: str) -> TimeEntry | None:
        """The entry made last, or None."""
        query = select(TimeEntry).where(TimeEntry.user == user).order_by(col(TimeEntry.created_at).desc()).limit(1)
        async with self._database.read() as session:
            return (await session.exec(query)).first()

    async def get(self, entry: str, *, user: str) -> TimeEntry | None:
        """One entry of this user, or None."""
        return await self._database.own(TimeEntry, entry, user=user)

    async def change(self, entry: str, *, user: str, **fields: Any) -> TimeEntry:
        """Set `minutes`, `note`, `day`, `client` or `project`. Raises TimeError for hours that are billed."""
        if "minutes" in fields:
            _check(fields["minutes"])
        async with self._database.write() as session:
            row = await _unbilled(session, entry, user)
            before = fields_of(row)
            for name, value in fields.items():
                setattr(row, name, value)
            session.add(row)
            _note(session, row, "changed", before, fields_of(row))
        return row

    async def remove(self, entry: str, *, user: str) -> TimeEntry:
        """Delete an entry and return it as it was. Raises TimeError for hours that are billed."""
        async with self._database.write() as session:
            row = await _unbilled(session, entry, user)
            _note(session, row, "removed", fields_of(row), {})
            await session.exec(delete(TimeEntry).where(col(TimeEntry.id) == entry))
        return row

    async def all(
        self,
        user: str,
        *,
        since: date | None = None,
        until: date | None = None,
        client: str | None = None,
        project: str | None = None,
        unbilled: bool = False,
    ) -> list[TimeEntry]:
        """Entries, oldest first, days included; with `unbilled` those that are over and on no invoice that stands."""
        wanted: list[Any] = [col(TimeEntry.user) == user]
        if since:
            wanted.append(col(TimeEntry.day) >= since)
        if until:
            wanted.append(col(TimeEntry.day) <= until)
        if client:
            wanted.append(col(TimeEntry.client) == client)
        if project:
            wanted.append(col(TimeEntry.project) == project)
        if unbilled:
            wanted += [col(TimeEntry.minutes).is_not(None), free(TimeEntry.invoice)]
        query = select(TimeEntry).where(*wanted).order_by(col(TimeEntry.day), col(TimeEntry.created_at))
        async with self._database.read() as session:
            return list(await session.exec(query))


def free(invoice: Any) -> Any:
    """The condition that a column names no invoice, or one that is void or gone."""
    standing = select(InvoiceRow.id).where(InvoiceRow.state != "void")
    return or_(col(invoice).is_(None), col(invoice).not_in(standing))


def _note(session: AsyncSession, row: TimeEntry, action: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    note(session, row.user, "time entry", row.id, action, before, after, client=row.client or "")


def _check(minutes: int | None) -> None:
    if not minutes or not 0 < minutes <= 24 * 60:
        raise TimeError("One entry holds more than nothing and at most 24 hours; log longer work day by day.")


async def _running(session: AsyncSession, user: str) -> TimeEntry | None:
    query = select(TimeEntry).where(TimeEntry.user == user, col(TimeEntry.minutes).is_(None))
    return (await session.exec(query)).first()


async def _stop(session: AsyncSession, user: str, at: datetime) -> TimeEntry | None:
    row = await _running(session, user)
    if row is not None:
        before = fields_of(row)
        row.minutes = row.ran(at)
        session.add(row)
        _note(session, row, "stopped", before, fields_of(row))
        await session.flush()
    return row


async def _unbilled(session: AsyncSession, entry: str, user: str) -> TimeEntry:
    query = select(TimeEntry).where(TimeEntry.id == entry, TimeEntry.user == user)
    row = (await session.exec(query)).first()
    if row is None:
        raise TimeError("There is no such entry; say “my hours this week” to see what there is.")
    if not (await session.exec(query.where(free(TimeEntry.invoice)))).first():
        raise TimeError("These hours are on an invoice already; void that invoice to change them.")
    return row
