"""The projects: what work was agreed, how long it was thought to take, and how long it took.

quote ──accepted──▶ project (open) ──▶ done      estimate against actual is what later quotes learn from
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import DateTime, func
from sqlmodel import Field, col, select

from memory.business.changes import fields_of, note
from memory.business.time_entries import TimeEntry
from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow

STATES = ("open", "done")


class Project(SealedRow, table=True):
    """One project. `kind` is a kind of work as quotes name it; `told_hours` are actual hours the user stated.

    `due_on` is the day by which it is to be done, where one was agreed.
    """

    __tablename__ = "projects"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    title: str = Field(sa_type=Sealed())
    kind: str = ""
    state: str = "open"
    client: str | None = Field(default=None, foreign_key="clients.id", index=True)
    quote: str | None = None
    proposal: str | None = None
    lead: str | None = None
    estimated_hours: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    told_hours: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    rate: str = Field(default="", sa_type=Sealed())
    started_on: date | None = None
    due_on: date | None = None
    ended_on: date | None = None
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


@dataclass(frozen=True)
class Past:
    """A finished project: hours thought and hours worked, both above 0."""

    title: str
    kind: str
    estimated: Decimal
    actual: Decimal


class Projects:
    """The projects in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, project: Project) -> Project:
        """Keep a new project, or one that was changed."""
        async with self._database.write() as session:
            old = await session.get(Project, project.id)
            before = {} if old is None else fields_of(old)
            kept = await session.merge(project)
            action, client = "changed" if before else "made", kept.client or ""
            note(session, kept.user, "project", kept.id, action, before, fields_of(kept), client=client)
        return kept

    async def get(self, project: str, *, user: str) -> Project | None:
        """One project of this user, or None."""
        return await self._database.own(Project, project, user=user)

    async def all(self, user: str, *, state: str | None = None, client: str | None = None) -> list[Project]:
        """Projects, newest first; `client` is an id."""
        query = select(Project).where(Project.user == user)
        if state:
            query = query.where(Project.state == state)
        if client:
            query = query.where(Project.client == client)
        async with self._database.read() as session:
            return list(await session.exec(query.order_by(col(Project.created_at).desc())))

    async def past(self, user: str) -> list[Past]:
        """Finished projects of which both the estimate and the actual hours are known, newest first."""
        minutes = (
            select(func.sum(TimeEntry.minutes))
            .where(col(TimeEntry.project) == col(Project.id), col(TimeEntry.user) == user)
            .scalar_subquery()
        )
        query = select(Project, minutes).where(Project.user == user, Project.state == "done")
        async with self._database.read() as session:
            rows = list(await session.exec(query.order_by(col(Project.created_at).desc())))
        found = []
        for project, worked in rows:
            actual = project.told_hours or Decimal(worked or 0) / 60
            if project.estimated_hours and actual:
                found.append(Past(project.title, project.kind, project.estimated_hours, actual))
        return found
