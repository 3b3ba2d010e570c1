"""Who may sign in: one row an account, with its role and what proves that it is them.

An account is known by its name, which may be a mail address: sealed in the row, with what stands for it to look it up.
The first owner's account is ``local``, so that what one user kept before there was sign-in stays theirs.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime
from sqlmodel import Field, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from config.errors import Mendable
from memory.blind_search import blinds
from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow
from privacy.access.principal import LOCAL, Principal, Role, role_of
from privacy.levels import Level

SERVER = ""
"""Whose key stands for names: no account is known before its name was looked up."""


class NameTaken(Mendable):
    """Another account has this name."""


class LastOwner(Mendable):
    """Without this account nobody would be left who may change the server."""


class Account(SealedRow, table=True):
    """`user` is the account's id, and `whose` the user whose records it works with: its own, or for a viewer another's.

    `password` is an Argon2id hash, `totp` the secret of an authenticator and `totp_used` the last time step it was used
    at, `recovery` hashes of codes; `subject` stands for the person at a provider of identities. What was proved before
    `version` was raised proves nothing any more.
    """

    __tablename__ = "accounts"
    user: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(sa_type=Sealed())
    known_as: str = Field(default="", unique=True)
    subject: str = Field(default="", index=True)
    role: str
    whose: str
    password: str = Field(default="", sa_type=Sealed(level=Level.RESTRICTED))
    totp: str = Field(default="", sa_type=Sealed(level=Level.RESTRICTED))
    totp_used: int = 0
    recovery: list[str] = Field(default_factory=list, sa_type=Sealed("json", Level.RESTRICTED))
    version: int = 1
    active: bool = True
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    def principal(self, session: str, scopes: frozenset[str] | None = None) -> Principal:
        """Who this account is to the policy, proved by a session or key."""
        return Principal(self.user, self.whose, role_of(self.role), session, scopes)


def plain_name(name: str) -> str:
    """A name as it is compared: without the accidents of writing."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


class Accounts:
    """The accounts in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, name: str, role: Role, *, whose: str = "", password: str = "", subject: str = "") -> Account:
        """A new account; the first owner is ``local``. `whose` is whose records a viewer looks at. Raises NameTaken."""
        async with self._database.write() as session:
            first = (await session.exec(select(func.count()).select_from(Account))).one() == 0
            user = LOCAL.user if first and role == "owner" else new_id()
            row = Account(user=user, name=name.strip(), role=role, whose=whose or user, password=password)
            row.known_as, row.subject = await _stand_for(session, name), await _of_subject(session, subject)
            if (await session.exec(select(Account.user).where(Account.known_as == row.known_as))).first():
                raise NameTaken("There is an account of this name already: choose another one.")
            session.add(row)
        return row

    async def get(self, user: str) -> Account | None:
        """An account by its id."""
        async with self._database.read() as session:
            return await session.get(Account, user)

    async def acting(self, user: str) -> Principal | None:
        """Who a user is to the policy when agents act for them; None for one who is shut out, or was never let in.

        Before there are accounts, whoever asks is the owner.
        """
        account = await self.get(user)
        if account is not None:
            return account.principal("") if account.active else None
        return LOCAL if user == LOCAL.user or not await self.all() else None

    async def owners(self) -> list[str]:
        """The users who are told what concerns the whole server."""
        found = await self.all()
        return [one.user for one in found if one.role == "owner" and one.active] or [LOCAL.user]

    async def working(self) -> list[str]:
        """The users who keep records of their own."""
        return [one.user for one in await self.all() if one.whose == one.user and one.active] or [LOCAL.user]

    async def named(self, name: str) -> Account | None:
        """An account by its name."""
        async with self._database.read() as session:
            known_as = await _stand_for(session, name)
            return (await session.exec(select(Account).where(Account.known_as == known_as))).first()

    async def of_subject(self, subject: str) -> Account | None:
        """The account of a person at a provider, as in ``https://issuer|number``."""
        async with self._database.read() as session:
            stands = await _of_subject(session, subject)
            return (await session.exec(select(Account).where(Account.subject == stands))).first() if stands else None

    async def all(self) -> list[Account]:
        """Every account, oldest first."""
        async with self._database.read() as session:
            return list(await session.exec(select(Account).order_by(col(Account.created_at))))

    async def change(self, user: str, *, again: bool = False, **values: Any) -> Account | None:
        """Change what a row says; with `again`, whoever is signed in has to sign in again. Raises LastOwner."""
        async with self._database.write() as session:
            row = await session.get(Account, user)
            if row is None:
                return None
            if "subject" in values:
                values["subject"] = await _of_subject(session, values["subject"])
            stays = values.get("role", row.role) == "owner" and values.get("active", row.active)
            if row.role == "owner" and row.active and not stays:
                others = select(Account.user).where(
                    Account.role == "owner", col(Account.active), col(Account.user) != user
                )
                if (await session.exec(others)).first() is None:
                    raise LastOwner("This is the only owner: make another one first.")
            for name, value in values.items():
                setattr(row, name, value)
            row.version += again
            session.add(row)
        return row

    async def use_step(self, user: str, step: int) -> bool:
        """Note that a code of this time step was used; False when it, or a later one, was used before."""
        async with self._database.write() as session:
            row = await session.get(Account, user)
            if row is None or row.totp_used >= step:
                return False
            row.totp_used = step
            session.add(row)
        return True

    async def use_recovery(self, user: str, digest: str) -> bool:
        """Strike a recovery code out; False when there is none of this hash."""
        async with self._database.write() as session:
            row = await session.get(Account, user)
            if row is None or digest not in row.recovery:
                return False
            row.recovery = [one for one in row.recovery if one != digest]
            session.add(row)
        return True


async def _stand_for(session: AsyncSession, name: str) -> str:
    return (await blinds(session, SERVER, "accounts", [plain_name(name)]))[0]


async def _of_subject(session: AsyncSession, subject: str) -> str:
    return (await blinds(session, SERVER, "subjects", [subject]))[0] if subject else ""
