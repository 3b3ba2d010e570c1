"""What became of jobs: applied, won, lost, liked, disliked. From it FreelanceX learns what the user wants and gets.

Each outcome keeps what was known when it was told, `traits` (skills, words of the title) and `features` (the parts of
the fit), so that what is learned does not change when a post does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index
from sqlmodel import Field, col, delete, select

from memory.conversations import Feedback
from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow
from memory.turns import Turn

KINDS = ("applied", "won", "lost", "liked", "disliked")
_UNDONE_BY = {"won": "lost", "lost": "won", "liked": "disliked", "disliked": "liked"}


class JobOutcome(SealedRow, table=True):
    """One thing that became of one job; `lead` is its row in `job_leads`, `kind` one of `KINDS`."""

    __tablename__ = "job_outcomes"
    __table_args__ = (Index("ix_job_outcomes", "user", "lead", "kind", unique=True),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    lead: str
    kind: str
    traits: list[str] = Field(default_factory=list, sa_type=Sealed("json"))
    features: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class JobRanker(SealedRow, table=True):
    """What was learned for one user from `outcomes` outcomes: a model as text, used only when it is in `use`."""

    __tablename__ = "job_rankers"
    user: str = Field(primary_key=True)
    outcomes: int
    use: bool
    why: str = Field(sa_type=Sealed())
    model: str = Field(default="", sa_type=Sealed())
    learned_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class JobOutcomes:
    """The outcomes in one database, and what was learned from them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(
        self, user: str, lead: str, kind: str, traits: Sequence[str], features: Mapping[str, Any]
    ) -> JobOutcome:
        """Keep an outcome; telling it again changes nothing, and its opposite takes it back. Raises ValueError."""
        if kind not in KINDS:
            raise ValueError(f"'{kind}' is nothing that can become of a job")
        row = JobOutcome(user=user, lead=lead, kind=kind, traits=list(traits), features=dict(features))
        mine = (col(JobOutcome.user) == user, col(JobOutcome.lead) == lead)
        async with self._database.write() as session:
            await session.exec(delete(JobOutcome).where(*mine, col(JobOutcome.kind).in_([kind, _UNDONE_BY.get(kind)])))
            session.add(row)
        return row

    async def of(self, user: str) -> list[JobOutcome]:
        """All outcomes of a user, oldest first."""
        query = select(JobOutcome).where(JobOutcome.user == user).order_by(col(JobOutcome.at), col(JobOutcome.id))
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def thumbs(self, user: str) -> list[tuple[bool, str]]:
        """Each thumb on an answer that is about one job alone: whether it is up, and the job's row."""
        answer = col(Turn.id) + ".answer"
        query = select(Feedback.value, Turn).join(Turn, col(Feedback.step) == answer).where(Turn.user == user)
        async with self._database.read() as session:
            rows = list(await session.exec(query))
        found = []
        for value, turn in rows:
            records = [record for finding in turn.findings.values() for record in finding["records"]]
            jobs = {record["id"] for record in records if record["kind"] == "job"}
            if len(jobs) == 1:
                found.append((value > 0, jobs.pop()))
        return found

    async def ranker(self, user: str) -> JobRanker | None:
        """What was learned last for a user."""
        async with self._database.read() as session:
            return await session.get(JobRanker, user)

    async def learned(self, ranker: JobRanker) -> None:
        """Keep what was learned, in place of what was known."""
        async with self._database.write() as session:
            await session.merge(ranker)
