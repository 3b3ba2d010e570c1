"""The job posts that were found, pasted or uploaded: the leads at the start of the chain of records.

A post is kept as its source gave it, in `post`; a post that comes again is the same row, seen later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index, UniqueConstraint
from sqlmodel import Field, col, select

from memory.blind_search import blinds
from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow

STATUSES = ("found", "matched", "proposed", "won", "lost", "dismissed")


class JobLead(SealedRow, table=True):
    """One post. `source` stands blindly for its id at `board`, `status` is one of `STATUSES`.

    `fit` is 0 to 100 once it was matched.
    """

    __tablename__ = "job_leads"
    __table_args__ = (UniqueConstraint("user", "board", "source"), Index("ix_job_leads_recent", "user", "seen_at"))
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    board: str
    source: str
    title: str = Field(sa_type=Sealed())
    company: str = Field(default="", sa_type=Sealed())
    url: str = Field(default="", sa_type=Sealed())
    status: str = "found"
    fit: int | None = None
    post: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    found_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    seen_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class JobLeads:
    """The job posts in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, user: str, posts: Sequence[dict[str, Any]]) -> list[JobLead]:
        """Keep posts, each with ``id``, ``board`` and ``title``, and return their rows in the same order."""
        rows: list[JobLead] = []
        async with self._database.write() as session:
            sources = await blinds(session, user, "job_leads", (post["id"] for post in posts))
            for post, source in zip(posts, sources, strict=True):
                query = select(JobLead).where(
                    JobLead.user == user, JobLead.board == post["board"], JobLead.source == source
                )
                row = (await session.exec(query)).first()
                if row is None:
                    row = JobLead(user=user, board=post["board"], source=source, title=post["title"])
                row.title, row.company, row.url = post["title"], post.get("company", ""), post.get("url", "")
                row.post, row.seen_at = dict(post), now()
                session.add(row)
                await session.flush()
                rows.append(row)
        return rows

    async def get(self, lead: str, *, user: str) -> JobLead | None:
        """One post of this user, or None."""
        return await self._database.own(JobLead, lead, user=user)

    async def recent(self, user: str, limit: int = 20) -> list[JobLead]:
        """The posts seen last, newest first."""
        query = select(JobLead).where(JobLead.user == user).order_by(col(JobLead.seen_at).desc()).limit(limit)
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def with_status(self, user: str, *statuses: str) -> list[JobLead]:
        """The posts of which one of these became, newest first."""
        query = select(JobLead).where(JobLead.user == user, col(JobLead.status).in_(statuses))
        async with self._database.read() as session:
            return list(await session.exec(query.order_by(col(JobLead.seen_at).desc())))

    async def mark(self, lead: str, *, user: str, status: str | None = None, fit: int | None = None) -> None:
        """Note what became of a post. Raises ValueError for an unknown status."""
        if status is not None and status not in STATUSES:
            raise ValueError(f"'{status}' is no status of a job")
        async with self._database.write() as session:
            row = await session.get(JobLead, lead)
            if row is None or row.user != user:
                return
            row.status = status or row.status
            row.fit = fit if fit is not None else row.fit
            session.add(row)
