"""Searches for jobs that run again by themselves, and the jobs each has told of, so that none is told twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime
from sqlmodel import Field, SQLModel, col, delete, select

from memory.blind_search import blinds
from memory.database import Database, new_id, now
from memory.once import add_once
from memory.recurrence import Recurrence
from memory.schedules import Schedule, plan, unplan
from memory.sealed import Sealed, SealedRow

KIND = "search"
"""The kind of their schedules."""
TOLD = "told_jobs"


class SavedSearch(SealedRow, table=True):
    """One search: `query` is asked of `boards`, whenever its schedule says."""

    __tablename__ = "saved_searches"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    title: str = Field(sa_type=Sealed())
    query: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    boards: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
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
        self, user: str, title: str, query: dict[str, Any], boards: list[str], when: Recurrence, at: datetime
    ) -> tuple[SavedSearch, Schedule]:
        """Keep a search and have it run from `at` on. One with the same title is replaced.

        Raises recurrence.WrongRule, ZoneInfoNotFoundError.
        """
        made = SavedSearch(user=user, title=title, query=query, boards=boards)
        async with self._database.write() as session:
            row = await add_once(session, made)
            for known in await session.exec(select(SavedSearch).where(SavedSearch.user == user)):
                if known.title == title:
                    await unplan(session, user, KIND, known.id)
                    if known.id != row.id:
                        await session.delete(known)
            return row, await plan(session, Schedule.when(user, KIND, when, subject=row.id), at)

    async def of(self, user: str) -> list[SavedSearch]:
        """The searches of a user, oldest first."""
        query = select(SavedSearch).where(SavedSearch.user == user).order_by(col(SavedSearch.created_at))
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def get(self, search: str, *, user: str) -> SavedSearch | None:
        """One search of a user, or None."""
        return await self._database.own(SavedSearch, search, user=user)

    async def remove(self, search: str, *, user: str) -> bool:
        """Forget a search; False when this user has no such one."""
        mine = (col(SavedSearch.id) == search, col(SavedSearch.user) == user)
        async with self._database.write() as session:
            await unplan(session, user, KIND, search)
            return bool((await session.exec(delete(SavedSearch).where(*mine))).rowcount)

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
