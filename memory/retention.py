"""How long each kind of data is kept, by its class and its privacy level, what is over its time, and its removal.

    class/level the user set  ─▶  else the shorter of class and level they set  ─▶  else the class's own time

What is the user's own stays until they set a time; what FreelanceX keeps of its own accord never stays longer than its
level allows (`privacy.levels`). Business records have no time here: tax law asks for years, and only the user knows
which law is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlmodel import col, delete, func, select

from config.errors import Mendable
from config.settings import Settings
from memory.access_events import AccessEvent
from memory.agent_runs import AgentRun
from memory.conversations import Thread
from memory.demand import JobAsk
from memory.files import StoredFile
from memory.job_outcomes import JobOutcome
from memory.jobs import JobLead
from memory.notifications import Notification
from memory.ownership import owned
from memory.portability import EXPORTER
from memory.reads import ClientRead
from memory.saved_searches import ToldJob
from memory.sealed import level_of
from memory.sessions import Session
from memory.stores import Stores
from privacy.levels import Level


@dataclass(frozen=True)
class Class:
    """One class of data: the days it is kept unless the user sets others (0: until it is erased), and why.

    Its rows have the highest level of their table's columns, or `level`; with None each says its own.
    """

    name: str
    title: str
    days: int
    why: str
    table: Any
    age: str
    only: Callable[[], Any] | None = None
    level: Level | Literal["of its columns"] | None = "of its columns"

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that its rows may have."""
        if self.level is None:
            return tuple(Level)
        return (max(map(level_of, self.table.__table__.columns)) if isinstance(self.level, str) else self.level,)


def _without_outcome() -> Any:
    return col(JobLead.id).not_in(select(JobOutcome.lead))


CLASSES = (
    Class("conversations", "conversations nobody wrote in", 0, "they are your memory", Thread, "updated_at"),
    Class(
        "uploads", "files you sent", 0, "you may want them again", StoredFile, "created_at",
        lambda: StoredFile.made_by == "user", level=None,
    ),
    Class(
        "exports", "exports of your data", 30, "they hold everything, once more", StoredFile, "created_at",
        lambda: StoredFile.made_by == EXPORTER, level=Level.RESTRICTED,
    ),
    Class("job_posts", "job posts nothing became of", 180, "they are filled", JobLead, "seen_at", _without_outcome),
    Class("job_demand", "what jobs asked for", 730, "trends over two years are enough", JobAsk, "day"),
    Class("told_jobs", "which jobs you were told of", 365, "so that none is told twice", ToldJob, "at"),
    Class("agent_runs", "how agents did", 180, "the choice of agents looks at recent runs", AgentRun, "at"),
    Class("notifications", "what you were notified of", 180, "it is old by then", Notification, "at"),
    Class("sessions", "where you were signed in", 60, "they are over for weeks by then", Session, "seen_at"),
    Class("access_events", "what happened at the door", 365, "to see who came in", AccessEvent, "at"),
    Class("client_reads", "who read what of a client", 365, "to answer a client who asks", ClientRead, "at"),
)  # fmt: skip
WITH: dict[str, tuple[str, ...]] = {
    "conversations": ("steps", "turns", "elements", "feedback", "effects"),
    "uploads": ("documents", "passages"),
}
"""Tables whose rows go with those of a class."""
UNTIL_ERASED: dict[str, tuple[str, ...]] = {
    "tax law asks for the books": (
        "clients", "contacts", "client_notes", "follow_ups", "leads", "proposals", "quotes", "projects", "time_entries",
        "expenses", "invoices", "invoice_lines", "recurring_invoices", "payments", "changes",
    ),
    "the user told or set it": (
        "profile", "preferences", "facts", "reminders", "goals", "saved_searches", "schedules", "assistants",
        "taught_routes", "job_outcomes", "job_rankers", "model_versions",
    ),
    "it says who may do what": ("accounts", "api_keys", "invitations", "consents", "restrictions"),
    "it proves what was done or allowed": ("trail", "consent_changes"),
    "it opens or finds the rest, and goes with it": ("data_keys", "chunks"),
}  # fmt: skip
"""Tables whose rows stay until the user, or what they belong to, is erased, and why."""
PASSING = ("alerts", "idempotency", "lockouts", "samples")
"""Tables that hold what is so now, or for some hours, and forget the rest by themselves."""


@dataclass(frozen=True)
class Overdue:
    """How much of a class, or of some levels of it, is over its time: `count` rows, the oldest from `oldest`."""

    name: str
    title: str
    days: int
    why: str
    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class Time:
    """That a class of data is kept so many days, or those levels of it."""

    of: Class
    levels: tuple[Level, ...]
    days: int

    @property
    def title(self) -> str:
        """What it is about, with its levels where they differ."""
        whole = self.levels == self.of.levels
        return self.of.title if whole else f"{self.of.title}: {', '.join(one.name.lower() for one in self.levels)}"

    def over(self, at: datetime) -> list[Any]:
        """The conditions for the rows that are over it."""
        limit: Any = at - timedelta(days=self.days)
        if self.of.age == "day":
            limit = limit.date()
        found = [_age(self.of) < limit, *([self.of.only()] if self.of.only else [])]
        return found if self.levels == self.of.levels else [*found, col(self.of.table.level).in_(self.levels)]


class UnknownClass(Mendable):
    """The settings name a class or level that is none; the message lists those there are."""


def times(settings: Settings) -> list[Time]:
    """How long each class is kept, parted by level where that differs. Raises UnknownClass."""
    classes, levels = [one.name for one in CLASSES], [level.name.lower() for level in Level]
    both = [f"{one.name}/{level.name.lower()}" for one in CLASSES for level in one.levels]
    if unknown := set(settings.keep_days) - {*classes, *levels, *both}:
        names = ", ".join([*classes, *levels])
        raise UnknownClass(f"FREELANCEX_KEEP_DAYS names {', '.join(sorted(unknown))}; there are {names}.")
    found = []
    for one in CLASSES:
        days = {level: _days(one, level, settings.keep_days) for level in one.levels}
        for kept in sorted(set(days.values())):
            found.append(Time(one, tuple(level for level in one.levels if days[level] == kept), kept))
    return found


async def overdue(stores: Stores, settings: Settings, at: datetime, user: str | None = None) -> list[Overdue]:
    """What `clean` would remove at this time, for every class; of one user, if given. Raises UnknownClass."""
    found = []
    async with stores.database.read() as session:
        for time in times(settings):
            one, count, oldest = time.of, 0, None
            if time.days:
                whose = [] if user is None else [owned(one.table.__table__, user)]
                query = select(func.count(), func.min(_age(one))).select_from(one.table).where(*time.over(at), *whose)
                count, oldest = (await session.exec(query)).one()
            found.append(Overdue(one.name, time.title, time.days, one.why, count, oldest))
    return found


async def clean(stores: Stores, settings: Settings, at: datetime) -> dict[str, int]:
    """Remove what is over its time; returns how much by class, only those with some. Raises UnknownClass, OSError."""
    gone: dict[str, int] = {}
    for time in times(settings):
        one = time.of
        if not time.days:
            continue
        if one.table in (Thread, StoredFile):
            async with stores.database.read() as session:
                rows = list(await session.exec(select(one.table).where(*time.over(at))))
            for row in rows:
                await (_forget(stores, row) if one.table is Thread else _remove(stores, row.id, row.user))
            count = len(rows)
        else:
            async with stores.database.write() as session:
                count = (await session.exec(delete(one.table).where(*time.over(at)))).rowcount
        if count:
            gone[one.name] = gone.get(one.name, 0) + count
    return gone


async def _forget(stores: Stores, thread: Thread) -> None:
    for file in await stores.files.in_thread(thread.id, user=thread.user, limit=100_000):
        await _remove(stores, file.id, thread.user)
    await stores.turns.forget(thread.id)
    await stores.conversations.delete(thread.id)


async def _remove(stores: Stores, file: str, user: str) -> None:
    """Remove a file, and what was read in it."""
    await stores.documents.delete(file, user=user)
    await stores.files.delete(file, user=user)


def _days(one: Class, level: Level, asked: Mapping[str, int]) -> int:
    name = level.name.lower()
    if (both := f"{one.name}/{name}") in asked:
        return asked[both]
    wanted = [asked[key] for key in (one.name, name) if key in asked] or [one.days]
    return min((days for days in wanted if days), default=0)


def _age(one: Class) -> Any:
    return getattr(one.table, one.age)
