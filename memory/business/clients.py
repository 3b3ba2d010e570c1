"""The clients: who is worked for and billed."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, DateTime, Table, UniqueConstraint, bindparam
from sqlmodel import Field, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.acting import actor
from memory.blind_search import blinds
from memory.business.book import Refused
from memory.business.changes import note
from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow, opened
from privacy.levels import Level

FIELDS = ("name", "email", "address", "tax_id", "country", "currency", "phone", "language", "terms", "rate")
_FORMS = (
    r"gmbh|ug|ag|kg|ohg|se|ltd|limited|inc|llc|llp|plc|corp|co|bv|nv|sa|sarl|sas|srl|spa|sl|lda|oy|ab|as|aps|sro|zoo"
)


class Client(SealedRow, table=True):
    """One client. `key` stands blindly for the name as it is compared: "ACME" and "Acme GmbH" are one client.

    `terms` are payment terms in the user's words, `rate` the price of an hour agreed with this client.
    """

    __tablename__ = "clients"
    __client__ = "id"
    __table_args__ = (UniqueConstraint("user", "key"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    key: str
    name: str = Field(sa_type=Sealed())
    email: str = Field(default="", sa_type=Sealed())
    address: str = Field(default="", sa_type=Sealed())
    tax_id: str = Field(default="", sa_type=Sealed(level=Level.RESTRICTED))
    country: str = Field(default="", sa_type=Sealed())
    currency: str = ""
    phone: str = Field(default="", sa_type=Sealed())
    language: str = ""
    terms: str = Field(default="", sa_type=Sealed())
    rate: str = Field(default="", sa_type=Sealed())
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    def details(self) -> dict[str, str]:
        """What an invoice prints about the client, and what the history keeps."""
        return {name: getattr(self, name) for name in FIELDS}


_CLIENTS: Table = Client.__table__  # type: ignore[attr-defined]
_NAMES = sa.select(_CLIENTS.c.id, _CLIENTS.c.user, _CLIENTS.c.name).where(_CLIENTS.c.user == bindparam("owner"))


def key_of(name: str) -> str:
    """A name as it is compared: lower case, without punctuation and legal form."""
    words = re.sub(r"[^\w\s&+-]", "", name.casefold()).split()
    while len(words) > 1 and re.fullmatch(_FORMS, words[-1]):
        words.pop()
    return " ".join(words)


class Clients:
    """The clients in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._opened: dict[str, dict[bytes, str]] = {}

    async def save(self, user: str, name: str, **fields: str) -> Client:
        """Find the client of this name or make one, and set the fields given. Raises ValueError for an empty name."""
        async with self._database.write() as session:
            return await upsert(session, user, name, new=False, **fields)

    async def add(self, user: str, name: str, **fields: str) -> Client:
        """Make a client. Raises ValueError for an empty name, Refused where there is one of this name."""
        async with self._database.write() as session:
            return await upsert(session, user, name, new=True, **fields)

    async def change(self, client_id: str, *, user: str, name: str, **fields: str) -> Client:
        """Set a client's name and the fields given. Raises ValueError for an empty name, Refused for a taken one."""
        name, key = " ".join(name.split()), key_of(name)
        if not key:
            raise ValueError("a client needs a name")
        async with self._database.write() as session:
            client = await session.get(Client, client_id)
            if client is None or client.user != user:
                raise Refused("There is no such client any more.")
            blind = await _blind(session, user, key)
            other = await _by_key(session, user, blind)
            if other is not None and other.id != client.id:
                raise Refused(f"There is a client called {other.name} already.")
            before, client.key = client.details(), blind
            for field, value in {**fields, "name": name}.items():
                setattr(client, field, value)
            session.add(client)
            if before != client.details():
                note(session, user, "client", client.id, "changed", before, client.details(), client=client.id)
        return client

    async def get(self, client_id: str, *, user: str) -> Client | None:
        """One client of this user, or None."""
        return await self._database.own(Client, client_id, user=user)

    async def find(self, user: str, name: str) -> Client | None:
        """The client of this name, however the legal form and the case are written, or None."""
        async with self._database.read() as session:
            return await _by_key(session, user, await _blind(session, user, key_of(name)))

    async def all(self, user: str) -> list[Client]:
        """Every client by name."""
        async with self._database.read() as session:
            found = await session.exec(select(Client).where(Client.user == user))
            return sorted(found, key=lambda client: (key_of(client.name), client.id))

    async def names(self, user: str) -> list[str]:
        """Every client's name, for recognising one in a message.

        A message needs them several times, so that what was opened the last time is not opened again.
        """
        if actor():  # what an agent reads of clients is counted, and those kept from it stay out
            return [client.name for client in await self.all(user)]
        known, now_there = self._opened.get(user, {}), dict[bytes, str]()

        def read(connection: Connection) -> None:
            for row in connection.execute(_NAMES, {"owner": user}):
                sealed = row.name.data
                if sealed not in known:
                    known[sealed] = str(opened(connection, _CLIENTS, row._asdict())["name"])
                now_there[sealed] = known[sealed]

        await self._database.ask(read)
        self._opened[user] = now_there
        return sorted(now_there.values(), key=key_of)


async def upsert(session: AsyncSession, user: str, name: str, *, new: bool = False, **fields: str) -> Client:
    """Find or make a client in a transaction that is already open.

    Raises ValueError for an empty name, and Refused for one that is there where it should be `new`.
    """
    name, key = " ".join(name.split()), key_of(name)
    if not key:
        raise ValueError("a client needs a name")
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise ValueError(f"a client has no {', '.join(sorted(unknown))}")
    key = await _blind(session, user, key)
    client = await _by_key(session, user, key)
    if client and new:
        raise Refused(f"There is a client called {client.name} already.")
    before: dict[str, Any] = client.details() if client else {}
    if client is None:
        client = Client(user=user, key=key, name=name)
    elif len(name) > len(client.name):  # "Acme" was known, now "Acme GmbH" is said: keep the full name
        client.name = name
    for field, value in fields.items():
        setattr(client, field, value)
    session.add(client)
    if before != client.details():
        note(
            session,
            user,
            "client",
            client.id,
            "changed" if before else "made",
            before,
            client.details(),
            client=client.id,
        )
    await session.flush()
    return client


async def _blind(session: AsyncSession, user: str, key: str) -> str:
    return (await blinds(session, user, "clients", [key]))[0]


async def _by_key(session: AsyncSession, user: str, key: str) -> Client | None:
    return (await session.exec(select(Client).where(Client.user == user, Client.key == key))).first()
