"""What was asked for in the jobs that were fetched: their skills and pay, a row a job, to see how demand moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import Index
from sqlmodel import Field, col, select

from memory.blind_search import blinds
from memory.database import Database
from memory.sealed import Sealed, SealedRow

BATCH = 5_000
"""Jobs in one query: SQLite takes 32,766 parameters."""


class JobAsk(SealedRow, table=True):
    """One job as it was first seen. `job` tells jobs apart, blindly once kept; `hourly` is the middle of its pay."""

    __tablename__ = "job_asks"
    __table_args__ = (Index("ix_job_asks_day", "user", "day"),)
    user: str = Field(primary_key=True)
    job: str = Field(primary_key=True)
    day: date
    skills: list[str] = Field(default_factory=list, sa_type=Sealed("json"))
    hourly: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    currency: str = ""


class Demand:
    """The jobs seen, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, asks: Sequence[JobAsk]) -> None:
        """Keep jobs; one that was seen before stays as it was."""
        async with self._database.write() as session:
            for user in {ask.user for ask in asks}:
                mine = [ask for ask in asks if ask.user == user]
                jobs = await blinds(session, user, "job_asks", (ask.job for ask in mine))
                fresh = dict(zip(jobs, mine, strict=True))
                for start in range(0, len(jobs), BATCH):
                    some = col(JobAsk.job).in_(jobs[start : start + BATCH])
                    for job in await session.exec(select(JobAsk.job).where(JobAsk.user == user, some)):
                        fresh.pop(job, None)
                session.add_all(JobAsk(**{**ask.model_dump(), "job": job}) for job, ask in fresh.items())

    async def since(self, user: str, day: date) -> list[JobAsk]:
        """The jobs of a user posted on a day or later, oldest first."""
        async with self._database.read() as session:
            found = select(JobAsk).where(col(JobAsk.user) == user, col(JobAsk.day) >= day).order_by(col(JobAsk.day))
            return list(await session.exec(found))
