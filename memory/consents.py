"""What the user has allowed for good: a row for each standing consent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel, col, delete, select

from memory.database import Database, now


class Consent(SQLModel, table=True):
    """One standing consent; `name` is a purpose of `privacy.consent`."""

    __tablename__ = "consents"
    user: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    granted_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class Consents:
    """The consents in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def grant(self, user: str, name: str) -> None:
        """Allow `name` from now on. Granting twice keeps the first date."""
        async with self._database.write() as session:
            if await session.get(Consent, (user, name)) is None:
                session.add(Consent(user=user, name=name))

    async def revoke(self, user: str, name: str) -> bool:
        """Take a consent back; False when there was none."""
        async with self._database.write() as session:
            gone = await session.exec(delete(Consent).where(col(Consent.user) == user, col(Consent.name) == name))
            return bool(gone.rowcount)

    async def granted(self, user: str) -> frozenset[str]:
        """The names of all standing consents of a user."""
        return frozenset(consent.name for consent in await self.list(user))

    async def list(self, user: str) -> list[Consent]:
        """All standing consents of a user by name, with their dates."""
        query = select(Consent).where(Consent.user == user).order_by(col(Consent.name))
        async with self._database.read() as session:
            return list(await session.exec(query))
