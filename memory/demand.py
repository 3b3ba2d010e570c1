"""What was asked for in the jobs that were fetched: their skills and pay, a row a job, to see how demand moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import JSON, Column, Index
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col, select

from memory.database import Database

BATCH = 200


class JobAsk(SQLModel, table=True):
    """One job as it was first seen. `job` tells jobs apart, whatever the board; `hourly` is the middle of its pay."""

    __tablename__ = "job_asks"
    __table_args__ = (Index("ix_job_asks_day", "user", "day"),)
    user: str = Field(primary_key=True)
    job: str = Field(primary_key=True)
    day: date
    skills: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    hourly: Decimal | None = None
    currency: str = ""


class Demand:
    """The jobs seen, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, asks: Sequence[JobAsk]) -> None:
        """Keep jobs; one that was seen before stays as it was."""
        rows = [ask.model_dump() for ask in asks]
        async with self._database.write() as session:
            insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
            for start in range(0, len(rows), BATCH):
                await session.exec(insert(JobAsk).values(rows[start : start + BATCH]).on_conflict_do_nothing())

    async def since(self, user: str, day: date) -> list[JobAsk]:
        """The jobs of a user posted on a day or later, oldest first."""
        async with self._database.read() as session:
            found = select(JobAsk).where(col(JobAsk.user) == user, col(JobAsk.day) >= day).order_by(col(JobAsk.day))
            return list(await session.exec(found))
