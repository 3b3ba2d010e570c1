"""A book of records of one kind: kept, listed, changed by stated steps, and every change in the history.

Book(database, Lead, "lead", day="came_at", steps=STEPS)
add ─▶ change ─▶ move(state)        a step that the table does not allow is refused with one sentence
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from config.errors import Mendable
from memory.business.changes import fields_of, note
from memory.database import Database
from memory.once import add_once

Row = TypeVar("Row", bound=Any)


class Refused(Mendable):
    """A record cannot be changed that way. The message is one sentence for the user."""


class Book(Generic[Row]):
    """The records of one table, of any user.

    Args:
        database: where they are.
        table: the table; its rows have `id`, `user`, `created_at`, and `state` where there are `steps`.
        kind: what the user calls one of them.
        day: the column by which `since` and `until` choose.
        steps: for each state, the states it may become.
    """

    def __init__(
        self,
        database: Database,
        table: type[Row],
        kind: str,
        *,
        day: str = "created_at",
        steps: Mapping[Any, Sequence[Any]] | None = None,
    ) -> None:
        self._database, self._table, self.kind = database, table, kind
        self._day, self._steps = day, steps or {}

    async def add(self, row: Row) -> Row:
        """Keep a new record."""
        async with self._database.write() as session:
            return await self.add_in(session, row)

    async def add_in(self, session: AsyncSession, row: Row) -> Row:
        """Keep a new record in a transaction that is already open."""
        kept = await add_once(session, row)
        if kept is row:
            self._note(session, row, "made", {})
        return kept

    async def get(self, record: str, *, user: str) -> Row | None:
        """One record of this user, or None."""
        return await self._database.own(self._table, record, user=user)

    async def all(self, user: str, *, since: date | None = None, until: date | None = None, **wanted: Any) -> list[Row]:
        """Records, newest first, days included; `wanted` are values of plain columns, or tuples of them."""
        table, day = self._table, getattr(self._table, self._day)
        query = select(table).where(table.user == user)
        for name, value in wanted.items():
            column = col(getattr(table, name))
            query = query.where(column.in_(value) if isinstance(value, tuple) else column == value)
        if since:
            query = query.where(col(day) >= self._edge(since, time.min))
        if until:
            query = query.where(col(day) <= self._edge(until, time.max))
        async with self._database.read() as session:
            return list(await session.exec(query.order_by(col(day).desc(), col(table.created_at).desc())))

    async def change(self, record: str, *, user: str, **fields: Any) -> Row:
        """Set fields of a record. Raises Refused for one that is not there."""
        async with self._database.write() as session:
            return await self._set(session, record, user, "changed", fields)

    async def move(self, record: str, *states: StrEnum, user: str, **fields: Any) -> Row:
        """Bring a record into a state, by way of others where several are given. Raises Refused."""
        async with self._database.write() as session:
            row = await self._mine(session, record, user)
            state = row.state
            for step in states:
                if step not in self._steps.get(state, ()):
                    raise Refused(f"That {self.kind} is {state}, so it cannot become {step}.")
                state = step
            return await self._set(session, record, user, str(state), {**fields, "state": str(state)})

    async def _mine(self, session: AsyncSession, record: str, user: str) -> Row:
        row = await session.get(self._table, record)
        if row is None or row.user != user:
            raise Refused(f"There is no such {self.kind} any more.")
        return row

    async def _set(self, session: AsyncSession, record: str, user: str, action: str, fields: Mapping[str, Any]) -> Row:
        row = await self._mine(session, record, user)
        before = fields_of(row)
        for name, value in fields.items():
            if name not in self._table.model_fields:
                raise ValueError(f"a {self.kind} has no {name}")
            setattr(row, name, value)
        session.add(row)
        self._note(session, row, action, before)
        return row

    def _note(self, session: AsyncSession, row: Row, action: str, before: dict[str, Any]) -> None:
        client = getattr(row, "client", None) or ""
        note(session, row.user, self.kind, row.id, action, before, fields_of(row), client=client)

    def _edge(self, day: date, at: time) -> date | datetime:
        timed = self._table.model_fields[self._day].annotation is datetime
        return datetime.combine(day, at, UTC) if timed else day
