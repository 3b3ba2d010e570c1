"""Restriction of processing (Art. 18 GDPR): what is kept, but not worked with until the restriction is lifted.

A restriction is on one client or on everything. Agents are refused steps that name a restricted client, and in lists
and sums they do not see its records; the records themselves, exports and erasure are not touched by it.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import DateTime, Table, bindparam
from sqlmodel import Field, SQLModel, col, select

from config.errors import Mendable
from memory.database import Database, new_id, now

EVERYTHING = ""


class Restriction(SQLModel, table=True):
    """One restriction: `client` is the client's id, or empty for everything; `lifted_at` is None while it stands."""

    __tablename__ = "restrictions"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    client: str = EVERYTHING
    since: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    lifted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


_RESTRICTIONS: Table = Restriction.__table__  # type: ignore[attr-defined]
_STANDING = sa.select(_RESTRICTIONS.c.client).where(
    _RESTRICTIONS.c.user == bindparam("owner"), _RESTRICTIONS.c.lifted_at.is_(None)
)


class Restricted(Mendable):
    """What was asked would work with restricted data; the message says how to lift that."""


class Restrictions:
    """The restrictions in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def restrict(self, user: str, client: str = EVERYTHING) -> bool:
        """Stop working with a client, by id, or with everything; False when that stands already."""
        async with self._database.write() as session:
            if (await session.exec(self._standing(user).where(Restriction.client == client))).first():
                return False
            session.add(Restriction(user=user, client=client))
            return True

    async def lift(self, user: str, client: str = EVERYTHING) -> bool:
        """Work with it again; False when no such restriction stands."""
        async with self._database.write() as session:
            found = [*await session.exec(self._standing(user).where(Restriction.client == client))]
            for row in found:
                row.lifted_at = now()
                session.add(row)
            return bool(found)

    async def standing(self, user: str) -> frozenset[str]:
        """The ids of restricted clients, and `EVERYTHING` where all is restricted."""
        found = await self._database.ask(
            lambda connection: connection.execute(_STANDING, {"owner": user}).scalars().all()
        )
        return frozenset(found)

    @staticmethod
    def _standing(user: str):  # type: ignore[no-untyped-def]  # the type of a select is longer than this method
        return select(Restriction).where(Restriction.user == user, col(Restriction.lifted_at).is_(None))
