"""The data keys that work outside a transaction of its own asks for: files and checkpoints."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from memory.database import Database
from privacy.keys.ring import DataKey, KeyName, NoKey, ring_of


async def standing(session: AsyncSession, name: KeyName) -> DataKey:
    """The key that seals now, by a session that writes; made where it is missing."""
    connection = await session.connection()
    return await connection.run_sync(lambda opened: ring_of(opened).current(name, opened))


async def key_for(database: Database, name: KeyName) -> DataKey:
    """The key that seals now, made where it is missing. Looks at the table, where another process may have been."""
    async with database.read() as session:
        connection = await session.connection()
        try:
            return await connection.run_sync(lambda opened: ring_of(opened).current(name, opened))
        except NoKey:
            pass
    async with database.write() as session:
        return await standing(session, name)
