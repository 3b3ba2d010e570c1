"""What is to run, when, and whether it did: one row for everything that runs by itself.

    due ──claim──▶ running ──finish──▶ due again, by its rule        a claim that is not renewed lapses,
                      └── killed: the claim lapses ──▶ due           so that no run is lost, and none runs twice at once

A row of user "" is the installation's own, such as the backups.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, DateTime, Index
from sqlmodel import Field, col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.database import Database, new_id, now
from memory.once import add_once
from memory.recurrence import Recurrence
from memory.sealed import Sealed, SealedRow

LEASE = timedelta(minutes=2)
"""How long a claim stands; whoever runs something longer renews it."""


class State(StrEnum):
    """Whether it runs: `active`, `paused` by the user, or `ended`, because it has no next time."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Schedule(SealedRow, table=True):
    """One thing that runs by itself: `kind` says what is done, `subject` with which record.

    `words` are what the user wants done or be reminded of. `rule` is an RRULE on the clock of the IANA zone `zone`,
    from the local time `begins` on (``2026-11-23T08:00:00``); an empty one runs once. `due` is the next time, `last`
    the time that the newest run was due, `ran_at` when it ran, `missed` how many times before it were left out because
    nothing ran then. `problem` says what was wrong the last time.
    """

    __tablename__ = "schedules"
    __table_args__ = (Index("ix_schedules", "state", "due"), Index("ix_schedules_of", "user", "kind", "subject"))
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    kind: str
    subject: str = ""
    words: str | None = Field(default=None, sa_type=Sealed(), nullable=True)
    rule: str = ""
    zone: str = "UTC"
    begins: str = ""
    state: str = "active"
    due: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    last: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    ran_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    missed: int = 0
    failures: int = 0
    problem: str | None = Field(default=None, sa_type=Sealed(), nullable=True)
    claimed_by: str = ""
    claimed_until: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    @property
    def recurrence(self) -> Recurrence:
        """When it runs, as pure data."""
        return Recurrence(self.rule, self.zone, datetime.fromisoformat(self.begins))


class Schedules:
    """The schedules in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, schedule: Schedule, at: datetime) -> Schedule:
        """Keep one, first due after `at`. Raises recurrence.WrongRule, ZoneInfoNotFoundError."""
        async with self._database.write() as session:
            return await plan(session, schedule, at)

    async def ensure(self, kind: str, rule: str, at: datetime) -> None:
        """See to it that the installation itself does something by this rule, the first time at once."""
        mine = (Schedule.user == "", Schedule.kind == kind)
        async with self._database.write() as session:
            row = (await session.exec(select(Schedule).where(*mine))).first()
            if row is None:
                row = Schedule(user="", kind=kind, due=at.astimezone(UTC), begins=_local(at))
            if row.rule != rule:
                row.rule, row.state, row.due = rule, State.ACTIVE, at.astimezone(UTC)
                session.add(row)

    async def list(self, user: str, *, ended: bool = False) -> list[Schedule]:
        """Everything a user has scheduled, the next first, what is paused last; with `ended`, what is over, too."""
        query = select(Schedule).where(Schedule.user == user)
        if not ended:
            query = query.where(Schedule.state != State.ENDED)
        async with self._database.read() as session:
            rows = [*(await session.exec(query))]
        return sorted(rows, key=lambda row: (row.state != State.ACTIVE, utc(row.due) if row.due else now()))

    async def due(self, at: datetime) -> list[Schedule]:
        """What is due by a time, for anybody, and in nobody's hands, the longest waiting first."""
        query = (
            select(Schedule)
            .where(Schedule.state == State.ACTIVE, col(Schedule.due) <= at.astimezone(UTC), _free(at))
            .order_by(col(Schedule.due))
        )
        async with self._database.read() as session:
            return [*(await session.exec(query))]

    async def claim(self, schedule: Schedule, by: str, at: datetime) -> bool:
        """Take a due one in hand, or keep it there; False when another has it or it is not due any more."""
        still = (
            col(Schedule.id) == schedule.id,
            col(Schedule.due) == schedule.due,
            Schedule.state == State.ACTIVE,
            or_(_free(at), col(Schedule.claimed_by) == by),
        )
        claimed = {"claimed_by": by, "claimed_until": at.astimezone(UTC) + LEASE}
        async with self._database.write() as session:
            return (await session.exec(update(Schedule).where(*still).values(**claimed))).rowcount == 1

    async def finish(
        self,
        schedule: Schedule,
        by: str,
        at: datetime,
        *,
        next_due: datetime | None,
        missed: int = 0,
        problem: str = "",
    ) -> None:
        """Note that a run is over and when the next is due: never, for None. A `problem` counts as a failure.

        What was changed meanwhile, by the user or by the run itself, stays as it is.
        """
        async with self._database.write() as session:
            row = await session.get(Schedule, schedule.id)
            if row is None or row.claimed_by != by:
                return
            row.claimed_by, row.claimed_until = "", None
            row.ran_at, row.missed, row.problem = at.astimezone(UTC), missed, problem or None
            row.failures = row.failures + 1 if problem else 0
            if row.due and schedule.due and utc(row.due) == utc(schedule.due):
                row.last, row.due = row.due, next_due
                row.state = row.state if next_due else State.ENDED
            session.add(row)

    async def pause(self, schedule: str, *, user: str) -> bool:
        """Let one rest until it is resumed; False when this user has no such one that runs."""
        return await self._turn(schedule, user, State.ACTIVE, State.PAUSED)

    async def resume(self, schedule: str, at: datetime, *, user: str) -> bool:
        """Let one go on: it is next due after `at`. False when this user has no such one that rests."""
        if not await self._turn(schedule, user, State.PAUSED, State.ACTIVE):
            return False
        async with self._database.write() as session:
            row = await session.get_one(Schedule, schedule)
            row.due = row.recurrence.after(at) or row.due
            session.add(row)
        return True

    async def remove(self, schedule: str, *, user: str) -> bool:
        """Forget one; False when this user has no such one."""
        mine = (col(Schedule.id) == schedule, col(Schedule.user) == user)
        async with self._database.write() as session:
            return bool((await session.exec(delete(Schedule).where(*mine))).rowcount)

    async def _turn(self, schedule: str, user: str, old: State, new: State) -> bool:
        mine = (col(Schedule.id) == schedule, col(Schedule.user) == user, col(Schedule.state) == old)
        async with self._database.write() as session:
            return bool((await session.exec(update(Schedule).where(*mine).values(state=new))).rowcount)


async def plan(session: AsyncSession, schedule: Schedule, at: datetime) -> Schedule:
    """Add a schedule, first due after `at`, in the transaction of what it is for. What is over already is due at once.

    Raises recurrence.WrongRule, ZoneInfoNotFoundError.
    """
    schedule.due = schedule.recurrence.after(at) or at.astimezone(UTC)
    return await add_once(session, schedule)


async def unplan(session: AsyncSession, user: str, kind: str, subject: str) -> None:
    """Forget what is scheduled for a record, in the transaction that changes it."""
    those = (col(Schedule.user) == user, col(Schedule.kind) == kind, col(Schedule.subject) == subject)
    await session.exec(delete(Schedule).where(*those))


def utc(time: datetime) -> datetime:
    """A time as SQLite gives it back, with its zone."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _free(at: datetime) -> ColumnElement[bool]:
    return or_(col(Schedule.claimed_until).is_(None), col(Schedule.claimed_until) <= at.astimezone(UTC))


def _local(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
