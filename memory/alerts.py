"""The alerts: which stand, since when, and which the user has taken note of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime
from sqlmodel import Field, col, select

from memory.database import Database
from memory.sealed import Sealed, SealedRow


class AlertRow(SealedRow, table=True):
    """Where one rule stands for one user: it stands `since` a time, or no more since `ended_at`."""

    __tablename__ = "alerts"
    user: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    title: str = Field(default="", sa_type=Sealed())
    text: str = Field(default="", sa_type=Sealed())
    since: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    acknowledged_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Alerts:
    """The alerts in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(self, user: str) -> list[AlertRow]:
        """Those that stand, the oldest first."""
        query = select(AlertRow).where(AlertRow.user == user, col(AlertRow.ended_at).is_(None))
        async with self._database.read() as session:
            return list(await session.exec(query.order_by(col(AlertRow.since))))

    async def begin(self, user: str, rule: str, title: str, text: str, at: datetime) -> bool:
        """Note that a rule is broken; False when that was known, and only its words are new."""
        async with self._database.write() as session:
            row = await session.get(AlertRow, (user, rule))
            known = row is not None and row.ended_at is None
            if row is None:
                row = AlertRow(user=user, rule=rule, since=at)
            if not known:
                row.since, row.ended_at, row.acknowledged_at = at, None, None
            row.title, row.text = title, text
            session.add(row)
            return not known

    async def end(self, user: str, rule: str, at: datetime) -> bool:
        """Note that a rule holds again; False when it did before."""
        return await self._mark(user, rule, ended_at=at)

    async def acknowledge(self, user: str, rule: str, at: datetime) -> bool:
        """Note that the user knows of one; False when none of that name stands."""
        return await self._mark(user, rule, acknowledged_at=at)

    async def _mark(self, user: str, rule: str, **fields: datetime) -> bool:
        async with self._database.write() as session:
            row = await session.get(AlertRow, (user, rule))
            if row is None or row.ended_at is not None:
                return False
            for name, value in fields.items():
                setattr(row, name, value)
            session.add(row)
            return True
