"""Searches for jobs that run again by themselves, and the jobs each has told of, so that none is told twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, DateTime
from sqlmodel import Field, SQLModel, col, delete, select

from memory.blind_search import blinds
from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow

EVERY = {"day": timedelta(days=1), "week": timedelta(days=7)}
"""How often a search may run."""
AGAIN = timedelta(minutes=30)
"""After this long a search that found nobody to ask is tried again."""
TOLD = "told_jobs"


class SavedSearch(SealedRow, table=True):
    """One search: `query` is asked of `boards` from `due` on, and then at `hour` (0 to 23, the user's time)."""

    __tablename__ = "saved_searches"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    title: str = Field(sa_type=Sealed())
    query: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    boards: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    every: str = "day"
    hour: int = 8
    due: datetime = Field(sa_type=DateTime(timezone=True), index=True)
    ran_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    problem: str = Field(default="", sa_type=Sealed())
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class ToldJob(SQLModel, table=True):
    """A job that a user was told of; `job` stands blindly for what tells jobs apart."""

    __tablename__ = "told_jobs"
    user: str = Field(primary_key=True)
    job: str = Field(primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class SavedSearches:
    """The saved searches in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(
        self, user: str, title: str, query: dict[str, Any], boards: list[str], *, every: str, hour: int, at: datetime
    ) -> SavedSearch:
        """Keep a search and have it run next at `hour` after `at`, a time with the user's zone. Raises ValueError.

        One with the same title is replaced.
        """
        if every not in EVERY or not 0 <= hour <= 23:
            raise ValueError(f"a search cannot run each {every} at {hour}")
        row = SavedSearch(
            user=user, title=title, query=query, boards=boards, every=every, hour=hour, due=_first(at, hour)
        )
        async with self._database.write() as session:
            for known in await session.exec(select(SavedSearch).where(SavedSearch.user == user)):
                if known.title == title:
                    await session.delete(known)
            session.add(row)
        return row

    async def of(self, user: str) -> list[SavedSearch]:
        """The searches of a user, oldest first."""
        query = select(SavedSearch).where(SavedSearch.user == user).order_by(col(SavedSearch.created_at))
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def remove(self, search: str, *, user: str) -> bool:
        """Forget a search; False when this user has no such one."""
        mine = (col(SavedSearch.id) == search, col(SavedSearch.user) == user)
        async with self._database.write() as session:
            return bool((await session.exec(delete(SavedSearch).where(*mine))).rowcount)

    async def due(self, at: datetime) -> list[SavedSearch]:
        """The searches of all users that should have run by `at`, the longest waiting first."""
        query = select(SavedSearch).where(col(SavedSearch.due) <= at.astimezone(UTC)).order_by(col(SavedSearch.due))
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def ran(self, search: str, at: datetime, problem: str = "", *, asked: bool = False) -> None:
        """Note that a search ran at `at`, a time with the user's zone, and when it is next due.

        Runs that were missed are not made up for; one that had a `problem` is tried again soon, unless the user
        was `asked` about it.
        """
        async with self._database.write() as session:
            row = await session.get(SavedSearch, search)
            if row is not None:
                row.ran_at, row.problem = at.astimezone(UTC), problem
                row.due = (
                    (at + AGAIN).astimezone(UTC)
                    if problem and not asked
                    else _first(at + EVERY[row.every] - timedelta(days=1), row.hour)
                )
                session.add(row)

    async def untold(self, user: str, jobs: Collection[str]) -> set[str]:
        """Those of the jobs that the user was not told of."""
        names = list(jobs)
        async with self._database.read() as session:
            blind = await blinds(session, user, TOLD, names)
            told = select(ToldJob.job).where(ToldJob.user == user, col(ToldJob.job).in_(blind))
            known = set(await session.exec(told))
        return {name for name, stands in zip(names, blind, strict=True) if stands not in known}

    async def told(self, user: str, jobs: Collection[str]) -> None:
        """Note that the user was told of jobs."""
        async with self._database.write() as session:
            for job in await blinds(session, user, TOLD, jobs):
                await session.merge(ToldJob(user=user, job=job))


def _first(at: datetime, hour: int) -> datetime:
    """The first time after `at` when the clock in its zone shows `hour`, in UTC."""
    next_run = at.replace(hour=hour, minute=0, second=0, microsecond=0)
    return (next_run if next_run > at else next_run + timedelta(days=1)).astimezone(UTC)
