"""Wrong tries to sign in, kept so that a restart forgets none: each for an hour, under what stands for who tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime
from sqlmodel import Field, col, delete, select

from memory.blind_search import blinds
from memory.database import Database, now
from memory.schedules import utc
from memory.sealed import Sealed, SealedRow
from privacy.access.lockout import FORGETS_S

SERVER = ""
"""Nobody's: who tries was not proved to be anybody."""


class WrongTries(SealedRow, table=True):
    """How many were wrong in a row and when the last was; `key` is as ``name:…`` or ``address:…``."""

    __tablename__ = "lockouts"
    id: str = Field(primary_key=True)
    user: str = SERVER
    key: str = Field(sa_type=Sealed())
    count: int
    at: datetime = Field(sa_type=DateTime(timezone=True), index=True)


class Lockouts:
    """The wrong tries in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, tries: Mapping[str, tuple[int, float]]) -> None:
        """Keep for each key how many were wrong, and when (seconds since 1970); with a count of 0 it starts anew."""
        async with self._database.write() as session:
            await session.exec(delete(WrongTries).where(col(WrongTries.at) < now() - timedelta(seconds=FORGETS_S)))
            for id, (key, (count, at)) in zip(
                await blinds(session, SERVER, "lockouts", tries), tries.items(), strict=True
            ):
                row = await session.get(WrongTries, id)
                if count:
                    row = row or WrongTries(id=id, key=key, count=0, at=now())
                    row.count, row.at = count, datetime.fromtimestamp(at, UTC)
                    session.add(row)
                elif row is not None:
                    await session.delete(row)

    async def lately(self) -> dict[str, tuple[int, float]]:
        """What was wrong within the hour, as it was kept."""
        query = select(WrongTries).where(col(WrongTries.at) >= now() - timedelta(seconds=FORGETS_S))
        async with self._database.read() as session:
            return {row.key: (row.count, utc(row.at).timestamp()) for row in await session.exec(query)}
