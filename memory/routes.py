"""What the user corrected: these words are for that agent. The planner goes by it the next time."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import DateTime, Index, Table, bindparam
from sqlmodel import Field, col, delete, select

from memory.conversations import Feedback
from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow
from memory.turns import Turn

MOST = 200
"""Corrections that are kept of a user, the newest."""


class TaughtRoute(SealedRow, table=True):
    """One correction: `text` is what the user wrote, `agent` whom it was for."""

    __tablename__ = "taught_routes"
    __table_args__ = (Index("ix_taught_routes", "user", "at"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    text: str = Field(sa_type=Sealed())
    agent: str
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


_ROUTES: Table = TaughtRoute.__table__  # type: ignore[attr-defined]
_OF_USER = _ROUTES.select().where(_ROUTES.c.user == bindparam("owner")).order_by(_ROUTES.c.at.desc())
_ANY_DOWN = sa.select(sa.exists().where(col(Feedback.user) == bindparam("owner"), col(Feedback.value) == 0))


class TaughtRoutes:
    """The corrections in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def teach(self, user: str, text: str, agent: str) -> TaughtRoute:
        """Keep a correction in place of an earlier one of the same words."""
        row = TaughtRoute(user=user, text=text, agent=agent)
        mine = col(TaughtRoute.user) == user
        async with self._database.write() as session:
            same = [one.id for one in await session.exec(select(TaughtRoute).where(mine)) if one.text == text]
            await session.exec(delete(TaughtRoute).where(mine, col(TaughtRoute.id).in_(same)))
            session.add(row)
            await session.flush()
            newest = select(TaughtRoute.id).where(mine).order_by(col(TaughtRoute.at).desc()).limit(MOST)
            await session.exec(delete(TaughtRoute).where(mine, col(TaughtRoute.id).not_in(newest)))
        return row

    async def of(self, user: str) -> list[tuple[str, str]]:
        """The corrections of a user, newest first: what they wrote, and the agent it is for."""
        return [(row["text"], row["agent"]) for row in await self._database.rows(_ROUTES, _OF_USER, owner=user)]

    async def complaints(self, user: str) -> list[tuple[str, str]]:
        """What was written beside each thumb down, newest first: the message that was answered, and the comment."""
        if not await self._database.ask(lambda connection: connection.execute(_ANY_DOWN, {"owner": user}).scalar()):
            return []
        query = (
            select(Turn, Feedback)
            .join(Turn, col(Feedback.step) == col(Turn.id) + ".answer")
            .where(Turn.user == user, Feedback.value == 0)
            .order_by(col(Turn.started_at).desc())
        )
        async with self._database.read() as session:
            found = [(turn.text, thumb.comment) for turn, thumb in await session.exec(query) if thumb.comment]
        return found[:MOST]
