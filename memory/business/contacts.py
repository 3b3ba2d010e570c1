"""The people at a client, what was noted about the client on a day, and whom to get back to by when."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import DateTime, Index
from sqlmodel import Field, col, select

from memory.business.changes import note as record_change
from memory.database import Database, new_id, now
from memory.once import add_once
from memory.sealed import Sealed, SealedRow


class Contact(SealedRow, table=True):
    """One person at a client."""

    __tablename__ = "contacts"
    __client__ = "client"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    client: str = Field(foreign_key="clients.id", index=True)
    name: str = Field(sa_type=Sealed())
    email: str = Field(default="", sa_type=Sealed())
    phone: str = Field(default="", sa_type=Sealed())
    role: str = Field(default="", sa_type=Sealed())
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class ClientNote(SealedRow, table=True):
    """What was noted about a client on a day, in the user's words."""

    __tablename__ = "client_notes"
    __client__ = "client"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    client: str = Field(foreign_key="clients.id", index=True)
    day: date
    text: str = Field(sa_type=Sealed())
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class FollowUp(SealedRow, table=True):
    """Somebody to get back to by `due`; open until `done_on`."""

    __tablename__ = "follow_ups"
    __client__ = "client"
    __table_args__ = (Index("ix_follow_ups", "user", "due"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    client: str = Field(foreign_key="clients.id", index=True)
    due: date
    text: str = Field(default="", sa_type=Sealed())
    done_on: date | None = None
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


Row = TypeVar("Row", Contact, ClientNote, FollowUp)


class Contacts:
    """Contacts, notes and follow-ups in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def person(self, user: str, client: str, name: str, **fields: str) -> Contact:
        """Find or make a person at a client, and set what is given and not empty."""
        async with self._database.write() as session:
            wanted = (Contact.user == user, Contact.client == client)
            people = list(await session.exec(select(Contact).where(*wanted)))
            row = next((one for one in people if one.name.casefold() == name.casefold()), None)
            row = row or Contact(user=user, client=client, name=name)
            for field, value in fields.items():
                if value:
                    setattr(row, field, value)
            session.add(row)
            record_change(session, user, "contact", row.id, "kept", {}, {"name": name, **fields}, client=client)
        return row

    async def note(self, user: str, client: str, day: date, text: str) -> ClientNote:
        """Keep a note."""
        return await self._add(ClientNote(user=user, client=client, day=day, text=text))

    async def follow_up(self, user: str, client: str, due: date, text: str = "") -> FollowUp:
        """Keep that the user wants to get back to a client."""
        return await self._add(FollowUp(user=user, client=client, due=due, text=text))

    async def done(self, follow_up: str, *, user: str, on: date) -> None:
        """Note that the user got back to them."""
        async with self._database.write() as session:
            row = await session.get(FollowUp, follow_up)
            if row and row.user == user:
                row.done_on = on
                session.add(row)

    async def open(self, user: str, *, until: date | None = None, client: str | None = None) -> list[FollowUp]:
        """Whom the user has yet to get back to, the longest due first."""
        query = select(FollowUp).where(FollowUp.user == user, col(FollowUp.done_on).is_(None))
        if until:
            query = query.where(col(FollowUp.due) <= until)
        if client:
            query = query.where(FollowUp.client == client)
        async with self._database.read() as session:
            return list(await session.exec(query.order_by(col(FollowUp.due))))

    async def people(self, user: str, client: str) -> list[Contact]:
        """The people at a client, the first known first."""
        query = select(Contact).where(Contact.user == user, Contact.client == client)
        async with self._database.read() as session:
            return list(await session.exec(query.order_by(col(Contact.created_at))))

    async def notes(self, user: str, client: str, limit: int = 20) -> list[ClientNote]:
        """What was noted about a client, newest first."""
        query = select(ClientNote).where(ClientNote.user == user, ClientNote.client == client)
        newest = query.order_by(col(ClientNote.day).desc(), col(ClientNote.created_at).desc()).limit(limit)
        async with self._database.read() as session:
            return list(await session.exec(newest))

    async def _add(self, row: Row) -> Row:
        async with self._database.write() as session:
            return await add_once(session, row)
