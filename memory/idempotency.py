"""Answers of the API by the key that a client gave its request, so that a request sent twice is done once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import DateTime
from sqlmodel import Field, col, delete

from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow

KEPT = timedelta(days=1)
PROCESS = new_id()
"""This process: a request that another one had under way is not under way any more."""
UNDER_WAY = "This request is under way; wait for its answer."
ANOTHER = "This Idempotency-Key was used for another request; take a new one."


class KeptAnswer(SealedRow, table=True):
    """One request: `body` is the hash of what it asked for, `process` where it runs, empty once it was answered."""

    __tablename__ = "idempotency"
    id: str = Field(primary_key=True)
    user: str = Field(index=True)
    body: str
    process: str
    status: int = 0
    kind: str = ""
    location: str = ""
    text: str = Field(default="", sa_type=Sealed())
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True), index=True)


@dataclass(frozen=True)
class Answered:
    """An answer that can be given again: its status, media type, text and Location."""

    status: int
    kind: str
    text: str
    location: str = ""


class Answers:
    """The answers in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, id: str, user: str, body: str) -> Answered | str | None:
        """Take a request in hand: None when it is to be done now, else its answer, or why there is none."""
        async with self._database.write() as session:
            await session.exec(delete(KeptAnswer).where(col(KeptAnswer.at) < now() - KEPT))
            row = await session.get(KeptAnswer, id)
            if row is None:
                session.add(KeptAnswer(id=id, user=user, body=body, process=PROCESS))
                return None
            if row.body != body:
                return ANOTHER
            if not row.process:
                return Answered(row.status, row.kind, row.text, row.location)
            if row.process == PROCESS:
                return UNDER_WAY
            row.process = PROCESS
            session.add(row)
            return None

    async def settle(self, id: str, answer: Answered | None) -> None:
        """Keep the answer; without one the request may be sent again."""
        async with self._database.write() as session:
            row = await session.get(KeptAnswer, id)
            if row is None:
                return
            if answer is None:
                await session.delete(row)
                return
            row.process, row.status, row.kind = "", answer.status, answer.kind
            row.text, row.location = answer.text, answer.location
            session.add(row)
