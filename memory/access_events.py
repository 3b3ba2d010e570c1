"""What happened at the door: who signed in, who was refused, what was ended; each a row the audit trail follows."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import DateTime
from sqlmodel import Field, col, select

from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow

What = Literal[
    "signed in", "refused", "signed out", "session ended", "token reused", "password changed", "second factor on",
    "second factor off", "recovery code used", "key made", "key replaced", "key ended", "invited", "account made",
    "account changed",
]  # fmt: skip


class AccessEvent(SealedRow, table=True):
    """One thing that happened to an account; `detail` is where from, or which session or key."""

    __tablename__ = "access_events"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    what: str
    detail: str = Field(default="", sa_type=Sealed())
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class AccessEvents:
    """What happened, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, user: str, what: What, detail: str = "") -> None:
        """Note something."""
        async with self._database.write() as session:
            session.add(AccessEvent(user=user, what=what, detail=detail[:300]))

    async def recent(self, user: str = "", limit: int = 100) -> list[AccessEvent]:
        """The newest first, of one account or of all."""
        query = select(AccessEvent).order_by(col(AccessEvent.at).desc()).limit(limit)
        async with self._database.read() as session:
            return list(await session.exec(query.where(AccessEvent.user == user) if user else query))
