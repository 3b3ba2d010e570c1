"""Assistants that users made: a name, how it is to answer, the documents it answers from, and who may help it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column, DateTime
from sqlmodel import Field, col, or_, select

from config.errors import Mendable
from memory.database import Database, new_id, now
from memory.once import add_once
from memory.sealed import Sealed, SealedRow

Tier = Literal["fast", "balanced", "powerful"]
PREFIX = "assistant:"
"""What the command of a turn begins with that an assistant answers."""
MOST = 100
"""Assistants one user may have."""


class AssistantError(Mendable):
    """An assistant cannot be kept so; the message says why."""


class Assistant(SealedRow, table=True):
    """One assistant. `agents` may do for it what its `documents` do not answer; `shared` lets the team use it."""

    __tablename__ = "assistants"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    name: str = Field(sa_type=Sealed())
    prompt: str = Field(default="", sa_type=Sealed())
    agents: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    documents: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    tier: str = "balanced"
    shared: bool = Field(default=False, index=True)
    made_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    changed_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    @property
    def command(self) -> str:
        """What a message's command says for this assistant to answer it."""
        return PREFIX + self.id


class Assistants:
    """The assistants in one database: each is changed by its owner alone, and used by others where it is shared."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, made: Assistant) -> Assistant:
        """Keep a new one. Raises AssistantError where its owner has one of this name, or too many."""
        async with self._database.write() as session:
            own = list(await session.exec(select(Assistant).where(Assistant.user == made.user)))
            if len(own) >= MOST:
                raise AssistantError(f"You have {MOST} assistants already: delete one first.")
            row = await add_once(session, made)
            if row is made:
                _check_name(made.name, own)
            return row

    async def change(self, id: str, *, user: str, **fields: Any) -> Assistant | None:
        """Change fields of one of this user's own; None when they have no such one. Raises AssistantError."""
        async with self._database.write() as session:
            row = await session.get(Assistant, id)
            if row is None or row.user != user:
                return None
            own = list(await session.exec(select(Assistant).where(Assistant.user == user)))
            _check_name(str(fields.get("name", row.name)), [one for one in own if one.id != id])
            row.sqlmodel_update({**fields, "changed_at": now()})
            session.add(row)
        return row

    async def usable(self, user: str) -> list[Assistant]:
        """Those this user may talk to: their own, oldest first, then what others share."""
        query = select(Assistant).where(or_(Assistant.user == user, col(Assistant.shared)))
        async with self._database.read() as session:
            found = list(await session.exec(query.order_by(col(Assistant.made_at), col(Assistant.id))))
        return sorted(found, key=lambda one: one.user != user)

    async def get(self, id: str, *, user: str) -> Assistant | None:
        """One this user may talk to, or None."""
        async with self._database.read() as session:
            row = await session.get(Assistant, id)
        return row if row and (row.user == user or row.shared) else None

    async def remove(self, id: str, *, user: str) -> bool:
        """Delete one of this user's own; False when they have no such one. Its documents stay."""
        async with self._database.write() as session:
            row = await session.get(Assistant, id)
            if row is None or row.user != user:
                return False
            await session.delete(row)
        return True


def by_key(found: Iterable[Assistant]) -> dict[str, Assistant]:
    """Assistants by the names programs ask them by; of two with one name the later has its id behind it."""
    named: dict[str, Assistant] = {}
    for one in found:
        key = key_of(one.name)
        named[key if key not in named else f"{key}-{one.id[:8]}"] = one
    return named


def key_of(name: str) -> str:
    """What tells names apart: "Tax helper" and "tax-helper" are the same."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


def _check_name(name: str, others: list[Assistant]) -> None:
    if not key_of(name) or len(name) > 60 or key_of(name) == "freelancex":
        raise AssistantError("Give the assistant a name of its own, of at most 60 letters.")
    if any(key_of(one.name) == key_of(name) for one in others):
        raise AssistantError(f"There is an assistant called “{name}” already: choose another name, or change that one.")
