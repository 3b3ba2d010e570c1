"""The database: durable writes one at a time, reads beside them, tables brought up to date."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from config.settings import Settings
from memory.database import open_database
from memory.effects import Effects
from memory.migrations import MIGRATIONS, migrate, work_and_people
from memory.profile import ProfileField
from memory.stores import Stores, open_stores
from privacy.keys.master import Master
from privacy.keys.ring import KeyRing


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


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_writes_are_durable_and_deletions_overwrite(stores: Stores) -> None:
    async with stores.database.read() as session:
        connection = await session.connection()
        pragmas = [(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in PRAGMAS]
    assert pragmas == list(PRAGMAS.values())


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


async def test_questions_that_waited_before_an_update_still_wait(tmp_path: Path) -> None:
    database = open_database(tmp_path / "old.db")
    KeyRing(Master.fresh()).watch(database.engine.sync_engine)
    await database.change(migrate)
    async with database.write() as session:
        connection = await session.connection()
        for name in ("arguments", "approved", "asked_at", "expires_at"):
            await connection.execute(text(f"ALTER TABLE effects DROP COLUMN {name}"))
        await connection.execute(text("DELETE FROM schema_version WHERE version >= 6"))
        row = "'t', 's1', 'me', 'th', 'mail', 'send_mail', 'abc', '{}', '', 'pending', '{}'"
        columns = "turn, step, user, thread, agent, effect, arguments_hash, shown, decision, state, result"
        await connection.execute(text(f"INSERT INTO effects ({columns}) VALUES ({row})"))
    await database.change(migrate)
    (waiting,) = await Effects(database).waiting(user="me")
    assert (waiting.arguments, waiting.approved, waiting.until) == ({}, {}, None)
    await database.close()


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


async def test_clients_of_an_older_database_get_the_columns_they_lack(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    stores = await open_stores(settings)
    number = MIGRATIONS.index(work_and_people) + 1
    before = await stores.clients.save("me", "ACME")
    async with stores.database.write() as session:
        opened = await session.connection()
        for name in ("phone", "language", "terms", "rate"):
            await opened.execute(text(f"ALTER TABLE clients DROP COLUMN {name}"))
        await opened.execute(text("DROP TABLE reminders"))
        await opened.execute(text("DELETE FROM schema_version WHERE version >= :number"), {"number": number})
    await stores.close()
    stores = await open_stores(settings)
    client = await stores.clients.save("me", "ACME", phone="+49 30 1")
    assert (client.id, client.phone, client.rate) == (before.id, "+49 30 1", "")
    assert await stores.reminders.open("me") == []
    await stores.close()
