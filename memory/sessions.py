"""Who is signed in where: one row a session, with what its refresh token is checked against.

sign in ─▶ row ─▶ refresh 1 ─used─▶ refresh 2 ─used─▶ refresh 3 …
                       └── used again: somebody has a copy, so the session ends for both
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import DateTime
from sqlmodel import Field, col, select

from memory.accounts import Account
from memory.database import Database, new_id, now
from memory.schedules import utc
from memory.sealed import Sealed, SealedRow
from privacy.access.principal import Principal

IDLE = timedelta(days=7)
"""A session nobody used for so long is over."""
LONGEST = timedelta(days=30)
"""And so is any session after this."""
OVERLAP = timedelta(seconds=30)
"""How long the refresh token before still counts: a browser sends several requests at once."""


class Session(SealedRow, table=True):
    """`refresh` and `former` are SHA-256 of the refresh tokens that count; `agent` and `address` say from where."""

    __tablename__ = "sessions"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    way: str
    refresh: str
    former: str = ""
    agent: str = Field(default="", sa_type=Sealed())
    address: str = Field(default="", sa_type=Sealed())
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    seen_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    def stands(self, at: datetime) -> bool:
        """Whether it counts at a time."""
        return self.ended_at is None and at < utc(self.seen_at) + IDLE and at < utc(self.created_at) + LONGEST


class Refreshed(StrEnum):
    """What became of a refresh token: `NEW` one counts now, `SAME` was just renewed, `REUSED` ended the session."""

    NEW = "new"
    SAME = "same"
    REUSED = "reused"
    OVER = "over"


class Sessions:
    """The sessions in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, user: str, way: str, refresh: str, *, id: str, agent: str = "", address: str = "") -> None:
        """Note that somebody signed in; `refresh` is the digest of the token they got."""
        async with self._database.write() as session:
            session.add(Session(id=id, user=user, way=way, refresh=refresh, agent=agent[:200], address=address))

    async def standing(self, id: str, at: datetime) -> tuple[Principal, int] | None:
        """Who is signed in by a session, and the version of their account; None when it is over."""
        async with self._database.read() as session:
            row = await session.get(Session, id)
            account = await session.get(Account, row.user) if row and row.stands(at) else None
        return (account.principal(id), account.version) if account and account.active else None

    async def holds(self, id: str, digest: str, at: datetime) -> bool:
        """Whether a refresh token counts now; it is not used up."""
        async with self._database.read() as session:
            row = await session.get(Session, id)
        if row is None or not row.stands(at):
            return False
        late = at - utc(row.seen_at) > OVERLAP
        return hmac.compare_digest(row.refresh, digest) or (not late and hmac.compare_digest(row.former, digest))

    async def refresh(self, id: str, digest: str, next_digest: str, at: datetime) -> Refreshed:
        """Take one refresh token for the next. One that was used before ends the session."""
        async with self._database.write() as session:
            row = await session.get(Session, id)
            if row is None or not row.stands(at):
                return Refreshed.OVER
            if hmac.compare_digest(row.refresh, digest):
                row.refresh, row.former, row.seen_at = next_digest, digest, at
                session.add(row)
                return Refreshed.NEW
            if hmac.compare_digest(row.former, digest) and at - utc(row.seen_at) <= OVERLAP:
                return Refreshed.SAME
            row.ended_at = at
            session.add(row)
        return Refreshed.REUSED

    async def of(self, user: str, at: datetime) -> list[Session]:
        """The sessions of a user that stand, the one used last first."""
        query = select(Session).where(Session.user == user, col(Session.ended_at).is_(None))
        async with self._database.read() as session:
            rows = await session.exec(query.order_by(col(Session.seen_at).desc()))
            return [row for row in rows if row.stands(at)]

    async def end(self, id: str, at: datetime) -> bool:
        """End a session; False when there is none that stands."""
        async with self._database.write() as session:
            row = await session.get(Session, id)
            if row is None or row.ended_at is not None:
                return False
            row.ended_at = at
            session.add(row)
        return True
