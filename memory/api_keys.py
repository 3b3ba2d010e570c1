"""Keys for programs: what each may do, until when, and when it was used last. The secret itself is kept nowhere.

fx_ 3f9c…(id, to look it up) _ 43 signs (256 bits by the system's random numbers)   only its SHA-256 is kept
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import JSON, Column, DateTime
from sqlmodel import Field, col, select

from config.errors import Mendable
from memory.accounts import Account
from memory.database import Database, now
from memory.schedules import utc
from memory.sealed import Sealed, SealedRow
from privacy.access.keys import NewKey, matches, new_key
from privacy.access.principal import LOCAL, Principal

OVERLAP = timedelta(days=7)
"""How long a key still counts once there is a new one in its place, so that programs can change over."""
NOTED_EVERY = timedelta(minutes=1)
MOST = 50


class TooManyKeys(Mendable):
    """A user has as many keys as one may have."""


class ApiKey(SealedRow, table=True):
    """One key: `digest` is SHA-256 of its secret; `replaces` is the key it came after, which counts a while longer."""

    __tablename__ = "api_keys"
    id: str = Field(primary_key=True)
    user: str = Field(index=True)
    title: str = Field(sa_type=Sealed())
    digest: str
    scopes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    replaces: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    expires_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    def stands(self, at: datetime) -> bool:
        """Whether it counts at a time."""
        return self.ended_at is None and (self.expires_at is None or at < utc(self.expires_at))


class ApiKeys:
    """The keys in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(
        self, user: str, title: str, scopes: Collection[str], expires_at: datetime | None, *, replaces: str = ""
    ) -> tuple[ApiKey, NewKey]:
        """A new key with its secret, which is told this once. Raises TooManyKeys."""
        made = new_key()
        row = ApiKey(id=made.id, user=user, title=title, digest=made.digest, scopes=sorted(scopes))
        row.expires_at, row.replaces = expires_at, replaces
        async with self._database.write() as session:
            known = await session.exec(select(ApiKey).where(ApiKey.user == user, col(ApiKey.ended_at).is_(None)))
            if len(list(known)) >= MOST:
                raise TooManyKeys(f"You have {MOST} keys, which is the most: end one first.")
            session.add(row)
        return row, made

    async def rotate(self, id: str, *, user: str, at: datetime) -> tuple[ApiKey, NewKey] | None:
        """A new key in the place of one, which counts for a week more; None when this user has no such key."""
        async with self._database.write() as session:
            row = await session.get(ApiKey, id)
            if row is None or row.user != user or not row.stands(at):
                return None
            whole, until = (utc(row.expires_at) - utc(row.created_at)) if row.expires_at else None, at + OVERLAP
            row.expires_at = min(utc(row.expires_at), until) if row.expires_at else until
            session.add(row)
            earlier = select(ApiKey).where(ApiKey.user == user, ApiKey.id == row.replaces)
            for one in await session.exec(earlier):  # at most two count at a time
                one.ended_at = one.ended_at or at
                session.add(one)
        return await self.make(user, row.title, row.scopes, at + whole if whole else None, replaces=id)

    async def standing(self, id: str, secret: str, at: datetime) -> Principal | None:
        """Whom a key proves, narrowed to its scopes; None when it is none."""
        row, account = await self._open(id)
        if not matches(secret, row.digest if row else "") or row is None or not row.stands(at):
            return None
        if row.used_at is None or at - utc(row.used_at) >= NOTED_EVERY:
            await self._note(id, at)
        return _principal(row, account)

    async def still(self, id: str, at: datetime) -> Principal | None:
        """Whom a key proves that was proved before; None once it counts no longer."""
        row, account = await self._open(id)
        return _principal(row, account) if row and row.stands(at) else None

    async def of(self, user: str) -> list[ApiKey]:
        """The keys of a user that were not ended, newest first."""
        query = select(ApiKey).where(ApiKey.user == user, col(ApiKey.ended_at).is_(None))
        async with self._database.read() as session:
            return list(await session.exec(query.order_by(col(ApiKey.created_at).desc())))

    async def end(self, id: str, at: datetime) -> ApiKey | None:
        """End a key at once; None when there is none that could be ended."""
        async with self._database.write() as session:
            row = await session.get(ApiKey, id)
            if row is None or row.ended_at is not None:
                return None
            row.ended_at = at
            session.add(row)
        return row

    async def get(self, id: str) -> ApiKey | None:
        """A key by its id."""
        return (await self._open(id))[0]

    async def _open(self, id: str) -> tuple[ApiKey | None, Account | None]:
        async with self._database.read() as session:
            row = await session.get(ApiKey, id)
            return row, await session.get(Account, row.user) if row else None

    async def _note(self, id: str, at: datetime) -> None:
        async with self._database.write() as session:
            if row := await session.get(ApiKey, id):
                row.used_at = at
                session.add(row)


def _principal(row: ApiKey, account: Account | None) -> Principal | None:
    proved, scopes = f"key:{row.id}", frozenset(row.scopes)
    if account is None and row.user == LOCAL.user:  # before there are accounts
        return Principal(LOCAL.account, LOCAL.user, LOCAL.role, proved, scopes)
    return account.principal(proved, scopes) if account and account.active else None
