"""What the user has allowed for good: a row for each standing consent, and the history of giving and withdrawing.

Whoever is about to do something asks for the standing consents then, so one that is withdrawn stops it at once; what is
under way is told to whoever is in `withdrawn`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel, col, select

from memory.database import Database, new_id, now


class Consent(SQLModel, table=True):
    """One standing consent; `name` is a purpose of `privacy.consent`."""

    __tablename__ = "consents"
    user: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    granted_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class ConsentChange(SQLModel, table=True):
    """One time a consent was given or withdrawn."""

    __tablename__ = "consent_changes"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    name: str
    granted: bool
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class Consents:
    """The consents in one database; those in `withdrawn` are told whose consent was taken back, and which."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.withdrawn: list[Callable[[str, str], None]] = []

    async def grant(self, user: str, name: str) -> None:
        """Allow `name` from now on. Granting twice keeps the first date."""
        async with self._database.write() as session:
            if await session.get(Consent, (user, name)) is None:
                session.add(Consent(user=user, name=name))
                session.add(ConsentChange(user=user, name=name, granted=True))

    async def revoke(self, user: str, name: str) -> bool:
        """Take a consent back; False when there was none."""
        async with self._database.write() as session:
            standing = await session.get(Consent, (user, name))
            if standing is None:
                return False
            await session.delete(standing)
            session.add(ConsentChange(user=user, name=name, granted=False))
        for tell in self.withdrawn:
            tell(user, name)
        return True

    async def granted(self, user: str) -> frozenset[str]:
        """The names of all standing consents of a user."""
        return frozenset(consent.name for consent in await self.list(user))

    async def history(self, user: str) -> list[ConsentChange]:
        """Every time a consent was given or withdrawn, oldest first."""
        query = select(ConsentChange).where(ConsentChange.user == user).order_by(col(ConsentChange.at))
        async with self._database.read() as session:
            return [*await session.exec(query)]

    async def list(self, user: str) -> list[Consent]:
        """All standing consents of a user by name, with their dates."""
        query = select(Consent).where(Consent.user == user).order_by(col(Consent.name))
        async with self._database.read() as session:
            return [*await session.exec(query)]
