"""The database: durable writes one at a time, reads beside them, tables brought up to date."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from config.settings import Settings
from memory.database import open_database
from memory.migrations import MIGRATIONS, migrate
from memory.profile import ProfileField
from memory.stores import Stores, open_stores


async def test_what_raises_inside_a_write_leaves_nothing(stores: Stores) -> None:
    with pytest.raises(RuntimeError):
        async with stores.database.write() as session:
            session.add(ProfileField(user="me", name="name", value="Ana"))
            await session.flush()
            raise RuntimeError
    assert await stores.profiles.load("me") == {}


async def test_many_writers_wait_for_each_other(stores: Stores) -> None:
    await asyncio.gather(*(stores.profiles.save("me", **{f"field{n}": str(n)}) for n in range(30)))
    assert len(await stores.profiles.load("me")) == 30


async def test_two_processes_share_one_file(settings: Settings) -> None:
    first, second = await open_stores(settings), await open_stores(settings)
    await asyncio.gather(first.profiles.save("me", name="Ana"), second.profiles.save("me", title="Designer"))
    assert await first.profiles.load("me") == {"name": "Ana", "title": "Designer"}
    await first.close()
    await second.close()


async def test_writes_are_durable_and_deletions_overwrite(stores: Stores) -> None:
    async with stores.database.read() as session:
        connection = await session.connection()
        pragmas = [(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in PRAGMAS]
    assert pragmas == list(PRAGMAS.values())


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


async def test_migrations_run_once_and_leave_their_number(tmp_path: Path) -> None:
    database = open_database(tmp_path / "fresh.db")
    versions: list[int] = []
    for _ in range(2):
        await database.change(lambda connection: versions.append(migrate(connection)))
    assert versions == [len(MIGRATIONS)] * 2
    async with database.read() as session:
        rows = await (await session.connection()).execute(text("SELECT version FROM schema_version"))
        assert [row[0] for row in rows] == list(range(1, len(MIGRATIONS) + 1))
    await database.close()
