"""What the user was notified of: one row each, kept until it is over its time, whether or not anybody saw it.

What is alike and came within an hour is one notification with a count, so that ten new jobs do not ring ten times.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, Column, DateTime, Index
from sqlmodel import Field, col, func, select, update

from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow

TOGETHER = timedelta(hours=1)
"""Within this time what is of one group becomes one notification, unless it was read."""


class Urgency(StrEnum):
    """How loud it may be: a `quiet` one waits in the list, an `urgent` one is told in quiet hours, too."""

    QUIET = "quiet"
    NORMAL = "normal"
    URGENT = "urgent"


class Notification(SealedRow, table=True):
    """One notification: what about, where more stands, and over which ways it was told.

    `thread` is the conversation to look in, or empty. What has the same `group` is brought together; `count` says how
    many. `held` is set while quiet hours keep it back.
    """

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications", "user", "at"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    kind: str
    group: str
    urgency: str = "normal"
    title: str = Field(sa_type=Sealed())
    text: str = Field(default="", sa_type=Sealed())
    thread: str = ""
    count: int = 1
    held: bool = False
    ways: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    read_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


Rows = list[Notification]


class Notifications:
    """The notifications in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, notification: Notification) -> Notification:
        """Keep one, or bring it together with an unread one of its group; returns the row as it is now."""
        alike = (
            Notification.user == notification.user,
            Notification.group == notification.group,
            col(Notification.read_at).is_(None),
            col(Notification.at) > notification.at - TOGETHER,
        )
        query = select(Notification).where(*alike).order_by(col(Notification.at).desc()).limit(1)
        async with self._database.write() as session:
            known = (await session.exec(query)).first()
            if known is None:
                session.add(notification)
                return notification
            known.count, known.at, known.held = known.count + 1, notification.at, notification.held
            known.title, known.text, known.thread = notification.title, notification.text, notification.thread
            session.add(known)
            return known

    async def list(self, user: str, *, unread: bool = False, limit: int = 100) -> Rows:
        """The newest first."""
        query = select(Notification).where(Notification.user == user).order_by(col(Notification.at).desc())
        if unread:
            query = query.where(col(Notification.read_at).is_(None))
        async with self._database.read() as session:
            return [*(await session.exec(query.limit(limit)))]

    async def unread(self, user: str) -> int:
        """How many nobody has read."""
        query = select(func.count()).where(Notification.user == user, col(Notification.read_at).is_(None))
        async with self._database.read() as session:
            return (await session.exec(query)).one()

    async def read(self, user: str, at: datetime, notification: str = "") -> int:
        """Note that one was read, or all; returns how many were not before."""
        query = update(Notification).where(col(Notification.user) == user, col(Notification.read_at).is_(None))
        if notification:
            query = query.where(col(Notification.id) == notification)
        async with self._database.write() as session:
            return (await session.exec(query.values(read_at=at))).rowcount

    async def held(self, user: str) -> Rows:
        """What quiet hours kept back and nobody has read, the oldest first."""
        query = select(Notification).where(
            Notification.user == user, col(Notification.held).is_(True), col(Notification.read_at).is_(None)
        )
        async with self._database.read() as session:
            return [*(await session.exec(query.order_by(col(Notification.at))))]

    async def told(self, notification: str, way: str) -> None:
        """Note over which way one was told; it is held back no longer."""
        async with self._database.write() as session:
            row = await session.get(Notification, notification)
            if row is not None:
                row.held = False
                row.ways = [*row.ways, way] if way not in row.ways else row.ways
                session.add(row)
