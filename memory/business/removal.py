"""Takes a record out of the books, and keeps in the history what it said, so that undo brings it back."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from memory.business.book import Refused
from memory.business.changes import fields_of, note
from memory.database import Database


async def remove(database: Database, table: type[Any], kind: str, record: str, user: str) -> None:
    """Remove one record of a user. Raises Refused when it is not there, or others rest on it."""
    async with database.write() as session:
        row = await session.get(table, record)
        if row is None or row.user != user:
            raise Refused(f"There is no such {kind} any more.")
        before, client = fields_of(row), getattr(row, getattr(table, "__client__", "") or "client", None) or ""
        try:
            async with session.begin_nested():
                await session.delete(row)
        except IntegrityError:
            raise Refused(f"Other records name this {kind}, so it stays: remove those first.") from None
        note(session, user, kind, record, "removed", before, {}, client=client)
