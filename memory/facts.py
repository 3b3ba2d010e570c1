"""Long-term facts about the user and about each client, each with where it comes from.

A fact that is corrected stays, superseded by the new one, so that "before, you said" can be told; one that is forgotten
is deleted with all it superseded.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import DateTime, Index
from sqlmodel import Field, col, delete, select

from memory.database import Database, new_id, now
from memory.once import add_once
from memory.sealed import Sealed, SealedRow

Kind = Literal["told", "noted", "rated", "changed"]


class Fact(SealedRow, table=True):
    """One statement in the user's words. `client` is the one it is about, as written, or None: the user.

    `kind` is "told" when the user asked to remember it, "noted" when it was picked from what they wrote, "rated" when
    they wrote it beside a thumb, "changed" when it shows in how they changed a draft; unless told, its `confidence`,
    from 0 to 1, is lower. `turn` and `thread` say where it was said. `superseded_by` is the id of the
    fact that replaced it, None while it holds.
    """

    __tablename__ = "facts"
    __table_args__ = (Index("ix_facts", "user"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    client: str | None = Field(default=None, sa_type=Sealed())
    text: str = Field(sa_type=Sealed())
    kind: str = "told"
    confidence: float = 1.0
    said_on: date
    thread: str = ""
    turn: str = ""
    superseded_by: str | None = Field(default=None, index=True)
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class Facts:
    """The facts in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, fact: Fact, *, instead_of: str | None = None) -> Fact:
        """Keep a fact, in place of the one with the id `instead_of`. What is known word for word is not kept twice."""
        async with self._database.write() as session:
            known = select(Fact).where(Fact.user == fact.user, col(Fact.superseded_by).is_(None))
            for row in await session.exec(known):
                if same(row.text, fact.text) and same(row.client or "", fact.client or ""):
                    return row
            kept = await add_once(session, fact)
            old = await session.get(Fact, instead_of) if instead_of else None
            if old is not None and old.user == fact.user:
                old.superseded_by = kept.id
                session.add(old)
        return kept

    async def of(self, user: str) -> list[Fact]:
        """The facts of a user that hold, newest first."""
        query = (
            select(Fact)
            .where(Fact.user == user, col(Fact.superseded_by).is_(None))
            .order_by(col(Fact.at).desc(), col(Fact.id))
        )
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def before(self, fact: str, user: str) -> list[Fact]:
        """The facts that this one replaced, newest first."""
        found: list[Fact] = []
        async with self._database.read() as session:
            rows = {row.superseded_by: row for row in await session.exec(select(Fact).where(Fact.user == user))}
        while (row := rows.get(fact)) is not None and row not in found:
            found.append(row)
            fact = row.id
        return found

    async def forget(self, user: str, ids: list[str]) -> int:
        """Delete facts and all they replaced; returns how many were deleted that held."""
        older = [row.id for one in ids for row in await self.before(one, user)]
        async with self._database.write() as session:
            mine = col(Fact.user) == user
            await session.exec(delete(Fact).where(mine, col(Fact.id).in_(older)))
            gone = await session.exec(delete(Fact).where(mine, col(Fact.id).in_(ids)))
            return int(gone.rowcount)


def same(one: str, other: str) -> bool:
    """Whether two texts say the same but for case, space and the stop at the end."""
    return " ".join(one.casefold().split()).rstrip(" .") == " ".join(other.casefold().split()).rstrip(" .")
