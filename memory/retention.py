"""How long each kind of data is kept, what is over its time, and its removal.

Business records have no time here: tax law asks for years, and only the user knows which law is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
from memory.portability import EXPORTER
from memory.reads import ClientRead
from memory.saved_searches import ToldJob
from memory.sessions import Session
from memory.stores import Stores


@dataclass(frozen=True)
class Class:
    """One class of data: the days it is kept unless the user sets others (0: until it is erased), and why."""

    name: str
    title: str
    days: int
    why: str
    table: Any
    age: str
    only: Callable[[], Any] | None = None


def _without_outcome() -> Any:
    return col(JobLead.id).not_in(select(JobOutcome.lead))


CLASSES = (
    Class("conversations", "conversations nobody wrote in", 0, "they are your memory", Thread, "updated_at"),
    Class(
        "uploads", "files you sent", 0, "you may want them again", StoredFile, "created_at",
        lambda: StoredFile.made_by == "user",
    ),
    Class(
        "exports", "exports of your data", 30, "they hold everything, once more", StoredFile, "created_at",
        lambda: StoredFile.made_by == EXPORTER,
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


@dataclass(frozen=True)
class Overdue:
    """How much of a class is over its time: `count` rows, the oldest from `oldest`."""

    name: str
    title: str
    days: int
    why: str
    count: int
    oldest: datetime | None


class UnknownClass(Mendable):
    """The settings name a class that is none; the message lists those there are."""


async def overdue(stores: Stores, settings: Settings, at: datetime) -> list[Overdue]:
    """What `clean` would remove at this time, for every class. Raises UnknownClass."""
    found = []
    async with stores.database.read() as session:
        for one in CLASSES:
            days, count, oldest = _days(one, settings), 0, None
            if days:
                query = select(func.count(), func.min(_age(one))).select_from(one.table).where(*_over(one, days, at))
                count, oldest = (await session.exec(query)).one()
            found.append(Overdue(one.name, one.title, days, one.why, count, oldest))
    return found


async def clean(stores: Stores, settings: Settings, at: datetime) -> dict[str, int]:
    """Remove what is over its time; returns how much by class, only those with some. Raises UnknownClass, OSError."""
    gone: dict[str, int] = {}
    for one in CLASSES:
        if not (days := _days(one, settings)):
            continue
        if one.table in (Thread, StoredFile):
            async with stores.database.read() as session:
                rows = list(await session.exec(select(one.table).where(*_over(one, days, at))))
            for row in rows:
                await (_forget(stores, row) if one.table is Thread else stores.files.delete(row.id, user=row.user))
            count = len(rows)
        else:
            async with stores.database.write() as session:
                count = (await session.exec(delete(one.table).where(*_over(one, days, at)))).rowcount
        if count:
            gone[one.name] = count
    return gone


async def _forget(stores: Stores, thread: Thread) -> None:
    for file in await stores.files.in_thread(thread.id, user=thread.user, limit=100_000):
        await stores.files.delete(file.id, user=thread.user)
    await stores.turns.forget(thread.id)
    await stores.conversations.delete(thread.id)


def _days(one: Class, settings: Settings) -> int:
    unknown = set(settings.keep_days) - {known.name for known in CLASSES}
    if unknown:
        names = ", ".join(known.name for known in CLASSES)
        raise UnknownClass(f"FREELANCEX_KEEP_DAYS names {', '.join(sorted(unknown))}; there are {names}.")
    return settings.keep_days.get(one.name, one.days)


def _age(one: Class) -> Any:
    return getattr(one.table, one.age)


def _over(one: Class, days: int, at: datetime) -> list[Any]:
    limit: Any = at - timedelta(days=days)
    if one.age == "day":
        limit = limit.date()
    return [_age(one) < limit, *([one.only()] if one.only else [])]
