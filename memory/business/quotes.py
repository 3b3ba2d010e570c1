"""The quotes: what a job was priced at, in up to three sizes, with what became of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Index
from sqlmodel import Field, col, select

from memory.database import Database, new_id, now
from memory.once import add_once
from memory.sealed import Sealed, SealedRow


class Quote(SealedRow, table=True):
    """One quote. `tiers` hold ``name``, ``hours``, ``total`` (exact text, empty without a rate) and ``scope``.

    `words` describe the work, `lead` is the job it answers, `kind` the kind of work; `rate` for an hour and `currency`
    are empty while unknown.
    """

    __tablename__ = "quotes"
    __table_args__ = (Index("ix_quotes_recent", "user", "created_at"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    title: str = Field(sa_type=Sealed())
    words: str = Field(default="", sa_type=Sealed())
    kind: str = ""
    lead: str | None = Field(default=None, index=True)
    client: str | None = Field(default=None, foreign_key="clients.id")
    rate: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    currency: str = ""
    fixed: bool = True
    tiers: list[dict[str, Any]] = Field(default_factory=list, sa_type=Sealed("json"))
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class Quotes:
    """The quotes in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, quote: Quote) -> Quote:
        """Keep a quote."""
        async with self._database.write() as session:
            return await add_once(session, quote)

    async def get(self, quote: str, *, user: str) -> Quote | None:
        """One quote of this user, or None."""
        return await self._database.own(Quote, quote, user=user)

    async def all(self, user: str, limit: int = 500) -> list[Quote]:
        """Quotes, newest first."""
        query = select(Quote).where(Quote.user == user).order_by(col(Quote.created_at).desc()).limit(limit)
        async with self._database.read() as session:
            return list(await session.exec(query))
