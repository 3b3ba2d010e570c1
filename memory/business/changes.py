"""The history of the business records: what was changed, from what to what, and when.

Changes that belong together, because one request made them, share a `batch`: they are taken back together.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.database import Database, new_id, now
from memory.money import plain
from memory.once import step_name
from memory.sealed import Sealed, SealedRow

SKIPPED = {"id", "user", "created_at"}


class Change(SealedRow, table=True):
    """One change of one record: `before` and `after` hold the fields that differ.

    `client` is the client it tells of, whose key seals it: once they are erased, only that there was a change is known.
    """

    __tablename__ = "changes"
    __client__ = "client"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    kind: str
    record: str = Field(index=True)
    client: str = ""
    action: str
    batch: str = ""
    before: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json", outlives_key=True))
    after: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json", outlives_key=True))
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True), index=True)


def note(
    session: AsyncSession,
    user: str,
    kind: str,
    record: str,
    action: str,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    client: str = "",
    batch: str = "",
) -> None:
    """Add to the history in the transaction that makes the change; fields that stayed as they were are left out.

    `client` is given where the fields are data of a client, to be erased with them. A change belongs to the `batch` of
    the step that makes it, or to itself.
    """
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    old = {key: before[key] for key in keys if key in before}
    new = {key: after[key] for key in keys if key in after}
    change = Change(user=user, kind=kind, record=record, action=action, before=old, after=new, client=client)
    change.batch = batch or step_name() or change.id
    session.add(change)


def fields_of(row: SQLModel) -> dict[str, Any]:
    """What a row says, as JSON: what the history keeps of it."""
    return {name: _plain(getattr(row, name)) for name in type(row).model_fields if name not in SKIPPED}


async def history(database: Database, user: str, record: str) -> list[Change]:
    """The changes of one record, oldest first."""
    query = select(Change).where(Change.user == user, Change.record == record).order_by(col(Change.at))
    async with database.read() as session:
        return list(await session.exec(query))


async def recent(database: Database, user: str, limit: int, record: str = "") -> list[Change]:
    """The last changes of a user, of one record where it is given, newest first."""
    query = select(Change).where(Change.user == user).order_by(col(Change.at).desc(), col(Change.id)).limit(limit)
    async with database.read() as session:
        return list(await session.exec(query.where(Change.record == record) if record else query))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else value
