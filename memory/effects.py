"""The outbox: every side effect that was proposed, with its exact arguments, and what became of it.

    pending ──▶ approved ──▶ performing ──▶ done
       ├─▶ rejected                └─ the process died in it: nobody knows, so it is not repeated unless it only reads
       └─▶ expired

An effect is bound to the hash of its arguments, and performed at most once however many try.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime
from sqlmodel import Field, col, select

from memory.database import Database, now
from memory.sealed import Sealed, SealedRow


class Effected(SealedRow, table=True):
    """One side effect of one step. `arguments` are those proposed, `approved` those the user agreed to.

    `arguments_hash` is that of the arguments in force: of those approved once there are some. `shown` is what the user
    was asked: title, preview, consent, which arguments may be changed, and the step with which the question was put.
    """

    __tablename__ = "effects"
    turn: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    user: str = ""
    thread: str = Field(default="", index=True)
    agent: str
    effect: str
    arguments_hash: str
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    approved: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    shown: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    decision: str = ""
    state: str = "pending"
    result: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    asked_at: datetime | None = Field(default_factory=now, sa_type=DateTime(timezone=True), nullable=True)
    expires_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    @property
    def lead(self) -> str:
        """The step under which this was asked: its own, or that of another it was asked together with."""
        return str(self.shown.get("lead") or self.step)

    @property
    def until(self) -> datetime | None:
        """When the question lapses, with its zone, which SQLite does not keep."""
        return self.expires_at and self.expires_at.replace(tzinfo=self.expires_at.tzinfo or UTC)


def fingerprint(arguments: dict[str, Any]) -> str:
    """The hash an approval is bound to: SHA-256 of the exact arguments."""
    return hashlib.sha256(json.dumps(arguments, sort_keys=True, default=str).encode()).hexdigest()


class Effects:
    """The outbox in one database. The user's word is given by `Turns.decide`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, turn: str, step: str) -> Effected | None:
        """What became of a step's side effect, or None."""
        async with self._database.read() as session:
            return await session.get(Effected, (turn, step))

    async def ask(self, effect: Effected) -> Effected:
        """Note that an effect waits, unless it is known: then what is known of it stays. Returns the entry."""
        async with self._database.write() as session:
            known = await session.get(Effected, (effect.turn, effect.step))
            if known is None:
                session.add(effect)
            return known or effect

    async def change(self, turn: str, step: str, arguments: dict[str, Any], shown: dict[str, Any]) -> Effected | None:
        """Put a question that waits anew, for other arguments; None when it waits no longer."""
        async with self._database.write() as session:
            known = await session.get(Effected, (turn, step))
            if known is None or known.state != "pending":
                return None
            known.arguments, known.arguments_hash, known.shown = arguments, fingerprint(arguments), shown
            session.add(known)
            return known

    async def waiting(self, *, user: str | None = None, thread: str | None = None) -> list[Effected]:
        """What waits for the user's word, of a user or in a thread, oldest first."""
        query = select(Effected).where(Effected.state == "pending").order_by(col(Effected.asked_at))
        if user is not None:
            query = query.where(Effected.user == user)
        if thread is not None:
            query = query.where(Effected.thread == thread)
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def lapsed(self, at: datetime) -> list[Effected]:
        """What waits although its time is over."""
        query = select(Effected).where(Effected.state == "pending", col(Effected.expires_at) <= at)
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def begin(self, effect: Effected, *, again: bool = False) -> Effected | None:
        """Take an approved side effect to perform it, in one transaction: of any number who try, one gets None.

        All others get the entry as it stands: done, being performed, or approved for other arguments than these. One
        that nobody was asked about, because it is allowed for good, is noted here. One in which the process died is
        taken `again` only if that does no harm.
        """
        takes = ("approved", "performing") if again else ("approved",)
        async with self._database.write() as session:
            known = await session.get(Effected, (effect.turn, effect.step))
            if known is None:
                effect.state = "performing"
                session.add(effect)
            elif known.arguments_hash != effect.arguments_hash or known.state not in takes:
                return known
            else:
                known.state = "performing"
                session.add(known)
        return None

    async def done(self, turn: str, step: str, result: dict[str, Any]) -> None:
        """Keep what an effect led to, unless the effect itself removed its entry."""
        async with self._database.write() as session:
            if known := await session.get(Effected, (turn, step)):
                known.state, known.result = "done", result
                session.add(known)
