"""What is to run, when, and whether it did: one row for everything that runs by itself.

    due ──claim──▶ running ──finish──▶ due again, by its rule        a claim that is not renewed lapses,
                      └── killed: the claim lapses ──▶ due           so that no run is lost, and none runs twice at once

A row of user "" is the installation's own, such as the backups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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

AHEAD = timedelta(days=1)
"""A run that lies further in the future than this was run by a clock that was wrong."""


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

    @classmethod
    def when(cls, user: str, kind: str, when: Recurrence, *, subject: str = "", words: str | None = None) -> Schedule:
        """A schedule that is not kept yet."""
        begins = when.begins.replace(microsecond=0).isoformat()
        return cls(user=user, kind=kind, subject=subject, words=words, rule=when.rule, zone=when.zone, begins=begins)

    @property
    def recurrence(self) -> Recurrence:
        """When it runs, as pure data."""
        return Recurrence(self.rule, self.zone, datetime.fromisoformat(self.begins))


Rows = list[Schedule]


@dataclass(frozen=True)
class Ran:
    """How a run went: how many later times it stood for, and what was wrong."""

    missed: int = 0
    problem: str = ""


class Schedules:
    """The schedules in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, schedule: Schedule, at: datetime) -> Schedule:
        """Keep one, first due after `at`. Raises recurrence.WrongRule, ZoneInfoNotFoundError."""
        async with self._database.write() as session:
            return await plan(session, schedule, at)

    async def keep_only(self, rules: Mapping[str, str], first: datetime) -> None:
        """See to it that the installation itself does exactly this, by kind.

        What is new, or by another rule than before, is first due at `first`.
        """
        async with self._database.write() as session:
            known = {row.kind: row for row in await session.exec(select(Schedule).where(Schedule.user == ""))}
            for kind in known.keys() - rules.keys():
                await session.delete(known[kind])
            for kind, rule in rules.items():
                row = known.get(kind) or Schedule(user="", kind=kind)
                if row.rule != rule:
                    row.rule, row.due, row.begins = rule, first.astimezone(UTC), _local(first)
                    session.add(row)

    async def list(self, user: str, *, ended: bool = False) -> Rows:
        """Everything a user has scheduled, the next first, what is paused last; with `ended`, what is over, too."""
        query = select(Schedule).where(Schedule.user == user)
        if not ended:
            query = query.where(Schedule.state != State.ENDED)
        async with self._database.read() as session:
            rows = [*(await session.exec(query))]
        return sorted(rows, key=lambda row: (row.state != State.ACTIVE, utc(row.due) if row.due else now()))

    async def due(self, at: datetime) -> Rows:
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
            col(Schedule.state) == State.ACTIVE,
            or_(_free(at), col(Schedule.claimed_by) == by),
        )
        claimed = {"claimed_by": by, "claimed_until": at.astimezone(UTC) + LEASE}
        async with self._database.write() as session:
            return (await session.exec(update(Schedule).where(*still).values(**claimed))).rowcount == 1

    async def finish(self, schedule: Schedule, by: str, at: datetime, following: datetime | None, ran: Ran) -> None:
        """Note that a run is over and when the next is due: never, for None.

        What was changed meanwhile, by the user or by the run itself, stays as it is.
        """
        async with self._database.write() as session:
            row = await session.get(Schedule, schedule.id)
            if row is None or row.claimed_by != by:
                return
            row.claimed_by, row.claimed_until, row.failures = "", None, 0
            row.ran_at, row.missed, row.problem = at.astimezone(UTC), ran.missed, ran.problem or None
            if row.due and schedule.due and utc(row.due) == utc(schedule.due):
                row.last, row.due = row.due, following
                row.state = row.state if following else State.ENDED
            session.add(row)

    async def later(self, schedule: Schedule, by: str, until: datetime, problem: str) -> None:
        """Note that a run failed, and let nobody try it again before a time."""
        async with self._database.write() as session:
            row = await session.get(Schedule, schedule.id)
            if row is not None and row.claimed_by == by:
                row.claimed_by, row.claimed_until = "", until.astimezone(UTC)
                row.failures, row.problem = row.failures + 1, problem or None
                session.add(row)

    async def set_right(self, at: datetime) -> None:
        """Let run again by the clock what ran when the clock was more than a day ahead of now."""
        ahead = (col(Schedule.ran_at) > at.astimezone(UTC) + AHEAD, col(Schedule.rule) != "")
        async with self._database.read() as session:
            if not (await session.exec(select(Schedule.id).where(*ahead).limit(1))).first():
                return
        async with self._database.write() as session:
            for row in await session.exec(select(Schedule).where(*ahead)):
                row.ran_at, row.due, row.claimed_until = at.astimezone(UTC), row.recurrence.after(at), None
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

    async def move(self, schedule: str, rule: str, at: datetime, *, user: str) -> Schedule | None:
        """Have one run by another rule, next after `at`; None when this user has no such one. Raises WrongRule."""
        async with self._database.write() as session:
            row = await session.get(Schedule, schedule)
            if row is None or row.user != user:
                return None
            row.rule = rule
            row.due = row.recurrence.after(at)
            session.add(row)
            return row

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
