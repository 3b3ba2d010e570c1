"""The people and companies this installation knows by name, so that their names can be kept from others."""

from __future__ import annotations

from sqlmodel import col, select

from memory.business.clients import Client
from memory.business.contacts import Contact
from memory.profile import ProfileField
from memory.stores import Stores

OWN = ("name", "company")


async def known_names(stores: Stores) -> frozenset[str]:
    """The names of users and their companies, of clients and the people there."""
    async with stores.database.read() as session:
        clients = [row.name for row in await session.exec(select(Client))]
        people = [row.name for row in await session.exec(select(Contact))]
        profile = await session.exec(select(ProfileField).where(col(ProfileField.name).in_(OWN)))
        return frozenset([*clients, *people, *(str(row.value) for row in profile)])
